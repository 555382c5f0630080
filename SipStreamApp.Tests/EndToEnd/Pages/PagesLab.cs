using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>One program and one browser for all tests of pages; each test has a context of its own.</summary>
public sealed class PagesLab : IAsyncLifetime
{
    internal RunningApp App { get; private set; } = null!;

    internal Chromium Chromium { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        App = await RunningApp.StartAsync("--Recording:MinFreeMegabytes", "1");
        Chromium = await Chromium.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Chromium.DisposeAsync();
        await App.DisposeAsync();
    }

    internal Task<UiPage> OpenAsync(bool isPhone = false) => UiPage.OpenAsync(Chromium, App.Url, isPhone);

    /// <summary>Places a call to the demo callee and waits until it is answered.</summary>
    internal async Task CallAsync(string id)
    {
        await App.CallDemoAsync(id);
        await App.UntilStatusAsync(id, "ESTABLISHED", TimeSpan.FromSeconds(10));
    }

    /// <summary>Before a test that looks at all that lives: what another has left, or ends just now, is cleared away.</summary>
    internal async Task ClearAsync()
    {
        foreach (var call in App.Engine.Calls.Where(c => !c.IsEnded)) await App.Engine.HangUpAsync(call.Id);
        await Wait.ForAsync(() => App.Engine.Calls.All(c => c.IsEnded), TimeSpan.FromSeconds(5), () => string.Join('\n', App.Engine.Calls));
    }

    internal async Task HangUpAsync(params string[] ids)
    {
        foreach (var id in ids) (await App.PostAsync("/call/terminate", new { callId = id })).Dispose();
    }
}

/// <summary>Tests of pages, one after the other, with others beside them.</summary>
[CollectionDefinition(Name)]
public sealed class PagesCollection : ICollectionFixture<PagesLab>
{
    public const string Name = "pages";
}

/// <summary>Those that measure time or memory, or look at all pages: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PageMeasurements : ICollectionFixture<PagesLab>
{
    public const string Name = "pages alone";
}
