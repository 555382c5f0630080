using System.Text.RegularExpressions;
using SipStreamApp.Components.Pages.NewCall;
using SipStreamApp.Components.Shared;
using SipStreamApp.Data;
using SipStreamApp.Media.Calls;
using SipStreamApp.Tests.Repository;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

public sealed class SayTests
{
    [Theory]
    [InlineData(0, "00:00")]
    [InlineData(61, "01:01")]
    [InlineData(3661, "1:01:01")]
    [InlineData(-5, "00:00")]
    public void Duration_OfSeconds_ReadsAsAClock(int seconds, string expected) => Assert.Equal(expected, Say.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(10, "just now")]
    [InlineData(300, "5 min ago")]
    [InlineData(50, "1 min ago")]
    public void Ago_OfRecentTimes_IsRelative(int seconds, string expected) => Assert.Equal(expected, Say.Ago(MadeUp.Noon, MadeUp.Noon.AddSeconds(seconds)));

    [Fact]
    public void Ago_OfOldTimes_IsADate() => Assert.Matches(@"^2025-11-2\d \d\d:00$", Say.Ago(MadeUp.Noon, MadeUp.Noon.AddDays(3)));

    [Fact]
    public void Beyond_TheStatesWord_IsTheCauseButNotOnceMore()
    {
        var busy = MadeUp.Ended("c-1", "busy") with { Status = CallStatus.Busy, End = new CallEnd("busy", true, null, "Busy", "", 486, null) };
        Assert.Equal(["", "The other side hung up"], new[] { busy, MadeUp.Ended("c-2", "ended") }.Select(Say.Beyond));
        Assert.Equal(["", "The other side hung up"], new[] { busy, MadeUp.Ended("c-2", "ended") }.Select(c => Say.Beyond(HistoryRow.Create(c))));
    }

    [Fact]
    public void Look_OfEveryStatus_HasSignWordAndColour() =>
        Assert.All(Enum.GetValues<CallStatus>().Select(Say.Look), look => Assert.DoesNotContain("", new[] { look.Sign, look.Word, look.Css }));

    [Fact]
    public void Count_OfEveryNounOnThePages_IsATextThatCanBeTranslated()
    {
        var sources = SourceTree.Files("SipStreamApp", ".razor", ".cs").Select(File.ReadAllText).ToList();
        var nouns = sources.SelectMany(s => Regex.Matches(s, @"Say\.Count\((?:[^()""]|\([^()]*\))*, ""(\w+)""")).Select(m => m.Groups[1].Value).Distinct().ToList();

        Assert.Contains("viewer", nouns);
        Assert.All(nouns, n => Assert.Contains(sources, s => s.Contains($"L(\"1 {n}\") : L(\"{{0}} {n}s\", number)", StringComparison.Ordinal)));
        Assert.Equal(["0 calls", "1 call", "2 calls"], new[] { 0, 1, 2 }.Select(n => Say.Count(n, "call")));
    }

    [Fact]
    public async Task Curl_WithQuotesInFields_SurvivesAShell()
    {
        var curl = CallTwin.Curl("http://127.0.0.1:8080/", new NewCallModel
        {
            CallId = "c-1", Callee = "10005", SipLogin = "o'neil", SipPassword = "typed", SipDomain = "d", VisibleName = "A \"quoted\" $HOME `id` ä", HasVideo = false, SipPort = 5070, SipTransport = SipTransportChoice.Tcp, SipRegisterRequired = true,
        });
        var start = new System.Diagnostics.ProcessStartInfo("bash", ["-c", "curl() { printf '%s' \"${@: -1}\"; }; export SIP_PASSWORD='from env'; " + curl]) { RedirectStandardOutput = true };
        using var shell = System.Diagnostics.Process.Start(start)!;
        var sent = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        using var json = System.Text.Json.JsonDocument.Parse(sent);

        Assert.Equal(
            """{"callId":"c-1","callee":"10005","hasAudio":true,"hasVideo":false,"sipLogin":"o'neil","sipPassword":"from env","visibleName":"A \"quoted\" $HOME `id` ä","sipDomain":"d","sipPort":5070,"sipTransport":"tcp","sipRegisterRequired":true}""",
            System.Text.RegularExpressions.Regex.Replace(sent, "\\n\\s*|(?<=\":) ", ""));
        Assert.StartsWith("curl -X POST http://127.0.0.1:8080/rest-api/call/startup", curl, StringComparison.Ordinal);
    }
}
