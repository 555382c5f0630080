using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Answering;
using SipStreamApp.Data;
using SipStreamApp.Media.Calls;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.Web.Data;

public sealed class AnsweringAccountsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Account_WhosePasswordCannotBeRead_SaysSo_UntilItAnswersNoMore()
    {
        using var folder = new TempFolder();
        var draft = new AccountDraft { Login = "10006", Domain = "sip.example.org", Password = "x", RegisterRequired = true, AnswersCalls = true };
        await using (var before = new DatabaseKit(folder)) draft.Id = (await before.Accounts.SaveAsync(draft, default)).Value!.Id;
        Directory.Delete(folder["keys"], recursive: true);

        await using var kit = new DatabaseKit(folder);
        using var answering = new AnsweringAccounts(kit.Accounts, kit.Engine, NullLogger<AnsweringAccounts>.Instance);
        await answering.StartAsync(default);
        await Wait.ForAsync(() => answering.Stands.ContainsKey(draft.Id), Patience, () => "It stands nowhere");
        Assert.Equal(RegistrationStatus.Failed, answering.Stands[draft.Id].Status);
        Assert.Contains("Enter the password again", answering.Stands[draft.Id].Advice, StringComparison.Ordinal);

        (draft.AnswersCalls, draft.Password) = (false, null);
        Assert.True((await kit.Accounts.SaveAsync(draft, default)).Succeeded);
        await Wait.ForAsync(() => answering.Stands.IsEmpty, Patience, () => "It still says so");
        await answering.StopAsync(default);
    }
}
