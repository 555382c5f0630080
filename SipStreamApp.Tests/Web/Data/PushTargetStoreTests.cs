using System.Text;
using SipStreamApp.Data;
using Xunit;

namespace SipStreamApp.Tests.Web.Data;

public sealed class PushTargetStoreTests : IAsyncDisposable
{
    private const string Secret = "s3cr-et0k-ey42";
    private readonly TempFolder _folder = new();
    private DatabaseKit _kit;

    public PushTargetStoreTests() => _kit = new DatabaseKit(_folder);

    [Fact]
    public async Task Save_WithKey_ServesThePushAfterARestartButIsInNoFileAndNoText()
    {
        var saved = await _kit.PushTargets.SaveAsync(Draft(), default);
        await _kit.DisposeAsync();
        _kit = new DatabaseKit(_folder);

        var request = await _kit.PushTargets.RequestAsync(saved.Value!.Id, MadeUp.Stream("cam"), default);
        Assert.Equal(("rtmps://live.example.org/app/" + Secret, true, "cam"), (request.Value!.Url, request.Value.FullUrl, request.Value.Stream.Value));
        var view = Assert.Single((await _kit.PushTargets.ListAsync(default)).Value!.Targets);
        Assert.Equal(("YouTube", "rtmps://live.example.org/app", true), (view.Name, view.Address, view.HasKey));
        Assert.DoesNotContain(Secret, $"{request.Value} {view}", StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            Assert.True(copy.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)) < 0, file);
        }
    }

    [Fact]
    public async Task Save_Change_KeepsTheKeyUnlessAnotherOrNoneIsGiven()
    {
        var id = (await _kit.PushTargets.SaveAsync(Draft(), default)).Value!.Id;
        Assert.Equal("rtmp://other.example.org/app/" + Secret, await UrlAsync(new() { Id = id, Address = "rtmp://other.example.org/app" }));
        Assert.Equal("rtmp://other.example.org/app/new", await UrlAsync(new() { Id = id, Address = "rtmp://other.example.org/app", Key = "new" }));
        Assert.Equal("rtmp://other.example.org/app", await UrlAsync(new() { Id = id, Address = "rtmp://other.example.org/app", Key = "" }));
        Assert.Equal("other.example.org", Assert.Single((await _kit.PushTargets.ListAsync(default)).Value!.Targets).Name);
        Assert.Equal("push-target-not-found", (await _kit.PushTargets.SaveAsync(new() { Id = id + 1, Address = "rtmp://x/y" }, default)).Failures[0].Code);

        async Task<string> UrlAsync(PushTargetDraft draft)
        {
            Assert.True((await _kit.PushTargets.SaveAsync(draft, default)).Succeeded);
            return (await _kit.PushTargets.RequestAsync(id, MadeUp.Stream("cam"), default)).Value!.Url;
        }
    }

    [Theory]
    [InlineData("", null, "Address")]
    [InlineData("http://host/app", null, "Address")]
    [InlineData("rtmp://user:pass@host/app", null, "Address")]
    [InlineData("rtmp://host/app?token=1", null, "Address")]
    [InlineData("srt://host", null, "Address")]
    [InlineData("rtmp://host/app", "a key", "Key")]
    [InlineData("rtmp://host/app", "a\"key", "Key")]
    public async Task Save_Wrong_NamesTheField(string address, string? key, string field)
    {
        var saved = await _kit.PushTargets.SaveAsync(new PushTargetDraft { Address = address, Key = key }, default);
        Assert.Equal([field], saved.Failures.Select(f => f.Field));
        Assert.Empty((await _kit.PushTargets.ListAsync(default)).Value!.Targets);
    }

    [Fact]
    public async Task Save_WholeAddressPasted_KeepsItsLastPartSecret()
    {
        var saved = await _kit.PushTargets.SaveAsync(new PushTargetDraft { Address = " rtmp://host/app/" + Secret + " " }, default);
        Assert.Equal(("rtmp://host/app", true), (saved.Value!.Address, saved.Value.HasKey));
    }

    [Fact]
    public async Task Delete_CanBeTakenBackForAWhile()
    {
        var id = (await _kit.PushTargets.SaveAsync(Draft(), default)).Value!.Id;
        Assert.True((await _kit.PushTargets.DeleteAsync(id, default)).Succeeded);
        Assert.Empty((await _kit.PushTargets.ListAsync(default)).Value!.Targets);
        Assert.Equal("push-target-not-found", (await _kit.PushTargets.RequestAsync(id, MadeUp.Stream("cam"), default)).Failures[0].Code);
        Assert.False((await _kit.PushTargets.DeleteAsync(id, default)).Succeeded);
        Assert.True((await _kit.PushTargets.RestoreAsync(id, default)).Succeeded);
        Assert.True(Assert.Single((await _kit.PushTargets.ListAsync(default)).Value!.Targets).HasKey);
    }

    public async ValueTask DisposeAsync()
    {
        await _kit.DisposeAsync();
        _folder.Dispose();
    }

    private static PushTargetDraft Draft() => new() { Name = "YouTube", Address = "rtmps://live.example.org/app", Key = Secret };
}
