using System.Text;
using SipStreamApp.Data;
using SipStreamApp.Media.Calls;
using Xunit;

namespace SipStreamApp.Tests.Web.Data;

public sealed class AccountStoreTests : IAsyncDisposable
{
    private const string Secret = "s3cret-Passw0rd-öß";
    private readonly TempFolder _folder = new();
    private DatabaseKit _kit;

    public AccountStoreTests() => _kit = new DatabaseKit(_folder);

    [Fact]
    public async Task Save_WithPassword_RoundTripsButIsInNoFile()
    {
        var saved = await _kit.Accounts.SaveAsync(Draft(), default);
        await RestartAsync();

        var identity = await _kit.Accounts.IdentityAsync(saved.Value!.Id, default);
        Assert.Equal(
            new SipIdentity("10006", "sip.example.org") { AuthenticationName = "auth6", Password = Secret, OutboundProxy = "proxy", Port = 5070, Transport = SipTransportChoice.Tcp, RegisterRequired = true },
            identity.Value);
        Assert.DoesNotContain(Secret, identity.Value!.ToString(), StringComparison.Ordinal);
        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);
        Assert.Contains(files, f => f.EndsWith(".db", StringComparison.Ordinal));
        foreach (var file in files)
        {
            var bytes = await ReadSharedAsync(file);
            Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)) < 0, file);
            Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes("s3cret")) < 0, file);
        }
    }

    [Fact]
    public async Task List_OfAccounts_HasNoPasswordAtAll()
    {
        await _kit.Accounts.SaveAsync(Draft(), default);
        var view = Assert.Single((await _kit.Accounts.ListAsync(default)).Value!.Accounts);

        Assert.True(view.HasPassword);
        Assert.NotNull(view.PasswordSetAt);
        Assert.DoesNotContain(typeof(AccountView).GetProperties(), p => p.Name is "Password" or "ProtectedPassword");
        Assert.Equal("10006 @ sip.example.org", view.Name);
    }

    [Theory]
    [InlineData(null, Secret)]
    [InlineData("", null)]
    [InlineData("other", "other")]
    public async Task Save_Again_KeepsClearsOrChangesThePassword(string? given, string? expected)
    {
        var id = (await _kit.Accounts.SaveAsync(Draft(), default)).Value!.Id;
        var draft = AccountDraft.From((await _kit.Accounts.ListAsync(default)).Value!.Accounts[0]);
        (draft.Login, draft.Password) = ("10007", given);
        await _kit.Accounts.SaveAsync(draft, default);

        var identity = (await _kit.Accounts.IdentityAsync(id, default)).Value!;
        Assert.Equal(("10007", expected), (identity.Login, identity.Password));
    }

    [Fact]
    public async Task Delete_CanBeUndone_AndIsForGoodAfterARestart()
    {
        var id = (await _kit.Accounts.SaveAsync(Draft(), default)).Value!.Id;
        await _kit.Accounts.DeleteAsync(id, default);
        Assert.Empty((await _kit.Accounts.ListAsync(default)).Value!.Accounts);
        Assert.False((await _kit.Accounts.IdentityAsync(id, default)).Succeeded);

        await _kit.Accounts.RestoreAsync(id, default);
        Assert.Single((await _kit.Accounts.ListAsync(default)).Value!.Accounts);

        await _kit.Accounts.DeleteAsync(id, default);
        await Task.Delay(5);
        await RestartAsync();
        await _kit.Database.EnsureReadyAsync(default);
        Assert.Equal("account-not-found", (await _kit.Accounts.RestoreAsync(id, default)).Failures[0].Code);
    }

    [Fact]
    public async Task Identity_KeysLost_AsksForThePasswordAgain()
    {
        var id = (await _kit.Accounts.SaveAsync(Draft(), default)).Value!.Id;
        Directory.Delete(_folder["keys"], recursive: true);
        await RestartAsync();

        Assert.Equal("password-unreadable", (await _kit.Accounts.IdentityAsync(id, default)).Failures[0].Code);
    }

    [Theory]
    [InlineData("", "d", null, "Login")]
    [InlineData("a@b", "d", null, "Login")]
    [InlineData("a", "", null, "Domain")]
    [InlineData("a", "d e", null, "Domain")]
    [InlineData("a", "d", 0, "Port")]
    public async Task Save_WrongField_IsRefusedByName(string login, string domain, int? port, string field)
    {
        var saved = await _kit.Accounts.SaveAsync(new AccountDraft { Login = login, Domain = domain, Port = port }, default);

        Assert.Equal(("invalid-field", field), (saved.Failures[0].Code, saved.Failures[0].Field));
    }

    public async ValueTask DisposeAsync()
    {
        await _kit.DisposeAsync();
        _folder.Dispose();
    }

    private static AccountDraft Draft() => new()
    {
        Login = "10006", Domain = "sip.example.org", AuthenticationName = "auth6", Password = Secret, OutboundProxy = "proxy", Port = 5070,
        Transport = SipTransportChoice.Tcp, RegisterRequired = true,
    };

    private static async Task<byte[]> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }

    private async Task RestartAsync()
    {
        await _kit.DisposeAsync();
        _kit = new DatabaseKit(_folder);
    }
}
