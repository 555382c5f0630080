using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Data;
using SipStreamApp.Security;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.People;
using SipStreamApp.Security.SignIn;
using Xunit;

namespace SipStreamApp.Tests.Web.Security;

/// <summary>Users, keys and links over a real database, with a clock that is moved by hand.</summary>
public sealed class PeopleTests : IAsyncDisposable
{
    private const string Password = "correct horse battery";
    private readonly TempFolder _folder = new();
    private readonly MovedClock _clock = new();
    private readonly ServiceProvider _services;
    private readonly SecurityData _data;
    private readonly UserStore _users;
    private readonly ApiKeyStore _keys;

    public PeopleTests()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_clock);
        services.AddDbContextFactory<AppDb>(o => o.UseSqlite($"Data Source={_folder["people.db"]}"));
        _services = services.AddSingleton<Database>().AddSingleton<SecurityData>().BuildServiceProvider();
        _data = _services.GetRequiredService<SecurityData>();
        _users = new UserStore(_data, iterations: 1000);
        _keys = new ApiKeyStore(_data);
    }

    [Fact]
    public async Task SignIn_FiveWrongPasswords_LocksForFiveMinutes()
    {
        Assert.True((await _users.CreateAsync("Anna", Password, Role.Operator, false, default)).Succeeded);
        for (var i = 0; i < UserStore.MaxFailures; i++) Assert.Equal("login-refused", await SignInAsync("anna", "wrong password " + i));

        Assert.Equal("locked", await SignInAsync("anna", Password));
        _clock.Advance(UserStore.LockTime + TimeSpan.FromSeconds(1));
        Assert.Equal("ok", await SignInAsync(" ANNA ", Password));
        Assert.Equal("login-refused", await SignInAsync("nobody", Password));
    }

    [Fact]
    public async Task Hashes_AreKept_PasswordsAreNot()
    {
        await _users.CreateAsync("anna", Password, Role.Admin, false, default);
        var key = (await _keys.CreateAsync("monitor", Scopes.Read, null, "anna", default)).Value!;
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();

        var written = Directory.GetFiles(_folder.Path).Select(f => Encoding.Latin1.GetString(File.ReadAllBytes(f))).ToList();
        Assert.DoesNotContain(written, t => t.Contains(Password, StringComparison.Ordinal) || t.Contains(key.Secret, StringComparison.Ordinal));
        Assert.Contains(written, t => t.Contains(key.Key.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cookie_OfDeletedOrChangedUser_EndsWithinTheCheck()
    {
        await _users.CreateAsync("root", Password, Role.Admin, false, default);
        var anna = (await _users.CreateAsync("anna", Password, Role.Viewer, false, default)).Value!;
        var stamp = (await _users.SignInAsync("anna", Password, default)).Value!.Stamp;
        Assert.NotNull(await _users.FindAsync(anna.Id, stamp, default));
        Assert.Null(await _users.FindAsync(anna.Id, "forged", default));

        Assert.Null(await _users.SetRoleAsync(anna.Id, Role.Operator, default));
        Assert.Null(await _users.FindAsync(anna.Id, stamp, default));
    }

    [Fact]
    public async Task LastAdministrator_CannotGo()
    {
        var root = (await _users.CreateAsync("root", Password, Role.Admin, true, default)).Value!;
        Assert.Equal("setup-done", (await _users.CreateAsync("other", Password, Role.Admin, true, default)).Failures[0].Code);
        Assert.Equal("last-admin", (await _users.DeleteAsync(root.Id, default))!.Code);
        Assert.Equal("last-admin", (await _users.SetRoleAsync(root.Id, Role.Viewer, default))!.Code);
        Assert.Equal("user-taken", (await _users.CreateAsync("ROOT", Password, Role.Viewer, false, default)).Failures[0].Code);
        Assert.Equal("Password", (await _users.CreateAsync("new", "too short", Role.Viewer, false, default)).Failures[0].Field);
        Assert.Equal("Name", (await _users.CreateAsync("a/../b", Password, Role.Viewer, false, default)).Failures[0].Field);
    }

    [Fact]
    public async Task Key_ExpiredOrRevoked_OpensNothing()
    {
        var made = (await _keys.CreateAsync("cam", Scopes.Play, _clock.GetUtcNow().AddHours(1), "root", default)).Value!;
        Assert.Equal(Scopes.Play, (await _keys.FindAsync(made.Secret, default))!.Scopes);
        Assert.Null(await _keys.FindAsync(made.Secret[..^1] + "x", default));
        Assert.Equal(_clock.GetUtcNow(), Assert.Single((await _keys.ListAsync(default)).Value!.Keys).LastUsedAt);

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await _keys.FindAsync(made.Secret, default));
        var other = (await _keys.CreateAsync("pc", Scopes.All, null, "root", default)).Value!;
        Assert.NotNull(await _keys.FindAsync(other.Secret, default));
        Assert.Null(await _keys.RevokeAsync(other.Key.Id, default));
        Assert.Null(await _keys.FindAsync(other.Secret, default));
    }

    [Theory]
    [InlineData("Authorization", "Bearer ssa_1", "ssa_1")]
    [InlineData("Authorization", "bearer   ssa_1 ", "ssa_1")]
    [InlineData("X-Api-Key", "ssa_2", "ssa_2")]
    [InlineData("Authorization", "Basic dXNlcjpzc2FfMw==", "ssa_3")]
    [InlineData("Authorization", "Basic c3NhXzQ6", "ssa_4")]
    [InlineData("Authorization", "Basic !!", "")]
    [InlineData("Authorization", "Digest x", null)]
    public void Read_Header_FindsTheKey(string name, string value, string? key) => Assert.Equal(key, ApiKeyHeader.Read(new HeaderDictionary { [name] = value }));

    [Fact]
    public async Task Link_ForgedExpiredRevokedOrForAnother_IsRefused()
    {
        var signer = LinkSigner.FromFile(_folder["play-links.key"]);
        var links = new PlayLinkStore(_data, signer);
        var made = (await links.CreateAsync("cam.1", TimeSpan.FromHours(1), 3, "for Ben", "anna", default)).Value!;
        var foreign = new LinkSigner(new byte[32]).Write(new LinkClaim(made.Link.Id, MadeUp.Stream("cam.1"), made.Link.ExpiresAt));
        var longer = made.Token.Replace("." + made.Link.ExpiresAt.ToUnixTimeSeconds() + ".", ".9999999999.", StringComparison.Ordinal);

        Assert.Equal(made.Link.Id, (await links.CheckAsync(made.Token, "cam.1", default)).Value!.Id);
        Assert.Equal("link-other-stream", await CodeAsync(made.Token, "cam.2"));
        foreach (var forged in new[] { foreign, longer, "", ".", "a.b.c.d", made.Token + "x", made.Token[..^1], new string('x', 5000) }) Assert.Equal("link-forged", await CodeAsync(forged, "cam.1"));
        Assert.Equal(made.Token, LinkSigner.FromFile(_folder["play-links.key"]).Write(new LinkClaim(made.Link.Id, MadeUp.Stream("cam.1"), made.Link.ExpiresAt)));

        var revoked = (await links.CreateAsync("cam.1", TimeSpan.FromHours(1), null, null, "anna", default)).Value!;
        Assert.Null(await links.RevokeAsync(revoked.Link.Id, default));
        Assert.Equal("link-revoked", await CodeAsync(revoked.Token, "cam.1"));
        _clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal("link-expired", await CodeAsync(made.Token, "cam.1"));

        async Task<string> CodeAsync(string token, string stream) => (await links.CheckAsync(token, stream, default)).Failures[0].Code;
    }

    [Theory]
    [InlineData("/calls?x=1", "/calls?x=1")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/a\r\nSet-Cookie: x", "/")]
    [InlineData("", "/")]
    public void Local_ReturnPath_NeverLeavesTheServer(string given, string used) => Assert.Equal(used, SignInPages.Local(given));

    [Fact]
    public void Throttle_ManyFailures_HoldTheAddressBackForAMinute()
    {
        var throttle = new SignInThrottle(_clock);
        for (var i = 0; i < SignInThrottle.Most; i++)
        {
            Assert.Equal(TimeSpan.Zero, throttle.WaitOf("192.0.2.1"));
            throttle.Failed("192.0.2.1");
        }

        Assert.True(throttle.WaitOf("192.0.2.1") > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, throttle.WaitOf("192.0.2.2"));
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(TimeSpan.Zero, throttle.WaitOf("192.0.2.1"));
    }

    [Fact]
    public void AddKeys_Playlist_EveryAddressCarriesTheToken()
    {
        const string playlist = "#EXTM3U\n#EXT-X-MAP:URI=\"init-1.mp4\"\n#EXT-X-PART:DURATION=0.5,URI=\"part-1.m4s\",INDEPENDENT=YES\n#EXTINF:2.0,\nseg-1.m4s\n";
        Assert.Equal(
            "#EXTM3U\n#EXT-X-MAP:URI=\"init-1.mp4?k=a.b\"\n#EXT-X-PART:DURATION=0.5,URI=\"part-1.m4s?k=a.b\",INDEPENDENT=YES\n#EXTINF:2.0,\nseg-1.m4s?k=a.b\n",
            PlaylistKeys.Add(playlist, "a.b"));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private async Task<string> SignInAsync(string name, string password)
    {
        var outcome = await _users.SignInAsync(name, password, default);
        return outcome.Succeeded ? "ok" : outcome.Failures[0].Code;
    }

    private sealed class MovedClock : TimeProvider
    {
        private DateTimeOffset _now = MadeUp.Noon;

        public void Advance(TimeSpan by) => _now += by;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
