using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor;
using MudBlazor.Services;
using SipStreamApp.Answering;
using SipStreamApp.Api;
using SipStreamApp.Components.Doors;
using SipStreamApp.Components.Pages.Api;
using SipStreamApp.Components.Shared;
using SipStreamApp.Data;
using SipStreamApp.Hosting;
using SipStreamApp.Hosting.Effective;
using SipStreamApp.Live;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Security;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;
using SipStreamApp.Signalling;
using SipStreamApp.Telemetry.Checks;
using SipStreamApp.Wcs;
using SipStreamApp.Webhook;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

/// <summary>Pages with made-up live snapshots, a real database in a folder of its own and a browser that answers nothing.</summary>
public abstract class PageTest : BunitContext, IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly Person _person = new();

    protected PageTest()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        DefaultWaitTimeout = TimeSpan.FromSeconds(30); // A busy machine may take its time; a test that passes does not wait.
        Assert.True(OriginRule.TryParse([], out var origins, out _));
        var options = new EngineOptions { DataDirectory = _folder.Path };
        Services.AddMudServices(mud => mud.PopoverOptions.CheckForPopoverProvider = false);
        Services.AddSingleton(new MediaEngine(options, TimeProvider.System, NullLoggerFactory.Instance));
        Services.AddSingleton<TimeProvider>(new StoppedClock());
        Services.AddSingleton(s => new LiveView(() => Snapshot, TimeProvider.System, NullLogger<LiveView>.Instance));
        Services.AddScoped<BrowserInterop>();
        var settings = new AppSettings(options, _folder.Path, $"Data Source={_folder["test.db"]}", origins);
        Directory.CreateDirectory(_folder["keys"]);
        Services.AddAppData(settings);
        Services.AddSingleton(_ => Security);
        Services.AddSingleton(s => new UserStore(s.GetRequiredService<SecurityData>(), iterations: 1000)); // Passwords are not what pages are about.
        Services.AddSingleton<RemovedViewers>();
        Services.AddAnswering();
        Services.AddScoped<AuthenticationStateProvider>(_ => _person);
        Services.AddScoped<PageRights>();
        Services.AddDoors();
        Services.AddSingleton<LinkSeats>();
        Services.AddSingleton(_ => EffectiveSettings.Read(new ConfigurationBuilder().AddCommandLine(CommandLine).Build(), MigrationReport.None));
        Services.AddSingleton<IClientSessions, FakeSessions>();
        Services.AddSingleton<StreamDirectory>();
        Services.AddSingleton<WebhookOutbox>();

        // Not started: what is queued stays queued.
        Services.AddSingleton(s => ActivatorUtilities.CreateInstance<WebhookService>(s, settings with { Webhook = Webhook }));
        Services.AddSingleton<IHostApplicationLifetime, Life>();
        Services.AddSingleton(s => new HealthRunner(Checks, TimeProvider.System, s.GetRequiredService<IHostApplicationLifetime>()));
        Services.AddSingleton(new ApiCatalog(() => Task.FromResult(Catalog)));
        Services.AddScoped<ApiBrowser>();
        Services.AddLogging(l => l.ClearProviders());
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    /// <summary>What the engine is made to show.</summary>
    internal LiveSnapshot Snapshot { get; set; } = new(new EngineSnapshot(true, "127.0.0.1:5062", 5062, 8189, 0, 0, 0), [], []);

    /// <summary>The webhook pages are made to show; to be set before the first of them.</summary>
    internal WebhookSettings Webhook { get; set; } = new();

    /// <summary>Who may do what; to be set before the first page.</summary>
    internal SecuritySettings Security { get; set; } = SecuritySettings.Open;

    /// <summary>What the page Settings is made to show; to be set before the first page.</summary>
    internal string[] CommandLine { get; set; } = [];

    /// <summary>The checks of the page Health; to be set before it.</summary>
    internal IReadOnlyList<IServerCheck> Checks { get; set; } = [];

    /// <summary>The methods of the API explorer; to be set before it.</summary>
    internal IReadOnlyList<ApiOperation> Catalog { get; set; } = [];

    internal AccountStore Accounts => Services.GetRequiredService<AccountStore>();

    internal HistoryWriter Writer => Services.GetRequiredService<HistoryWriter>();

    /// <summary>Signs somebody in, where <see cref="Security"/> demands it; before the first page.</summary>
    internal async Task<UserView> SignInAsync(Role role)
    {
        var users = Services.GetRequiredService<UserStore>();
        const string Password = "correct horse battery";
        var made = await users.CreateAsync(role.ToString(), Password, role, onlyFirst: false, default);
        var user = (await users.SignInAsync(made.Value!.Name, Password, default)).Value!;
        _person.User = SessionCookie.Principal(user);
        return made.Value;
    }

    internal void Show(LiveSnapshot snapshot)
    {
        Snapshot = snapshot;
        Services.GetRequiredService<LiveView>().Refresh();
    }

    /// <summary>Renders a page beside the providers its menus and messages appear in.</summary>
    protected IRenderedComponent<IComponent> Page<T>()
        where T : IComponent => Render(builder =>
    {
        builder.OpenComponent<MudPopoverProvider>(0);
        builder.CloseComponent();
        builder.OpenComponent<MudSnackbarProvider>(1);
        builder.CloseComponent();
        builder.OpenComponent<T>(2);
        builder.CloseComponent();
    });

    /// <summary>Waits until a text is on the page; events may still be on their way through the renderer.</summary>
    protected static void Sees(IRenderedComponent<IComponent> page, string text) =>
        page.WaitForAssertion(() => Assert.Contains(text, page.Markup, StringComparison.Ordinal));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed class Life : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication()
        {
        }
    }

    private sealed class Person : AuthenticationStateProvider
    {
        public ClaimsPrincipal User { get; set; } = new(new ClaimsIdentity());

        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(User));
    }

    /// <summary>A minute after the calls of <see cref="MadeUp"/> began.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => MadeUp.Noon.AddSeconds(62);
    }
}
