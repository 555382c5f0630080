using System.Text;
using SipStreamApp.Api;
using SipStreamApp.Data;
using SipStreamApp.Media.Calls;
using Xunit;

namespace SipStreamApp.Tests.Web.Data;

/// <summary>Files that go out and come in: history as CSV, accounts as JSON and CSV.</summary>
public class FilesTests
{
    private static readonly TimeZoneInfo India = TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromMinutes(330), "x", "x");

    [Fact]
    public void Csv_NamesItsZoneAndQuotesAndDisarms()
    {
        var line = new StringBuilder();
        HistoryCsv.Append(line, Row with { }, India);
        Assert.Equal(
            "2025-11-23T12:00:00.000Z,+05:30,2025-11-23T12:00:02.000Z,2025-11-23T12:01:02.500Z,60.5,FINISH,hung-up-there,\"said \"\"bye\"\", left\",200,'+4930123,'=1+1,sip.example.org,s1,c-1,PCMU,,1000,10,0.99,6.4,false\r\n",
            line.ToString());
        Assert.Equal(HistoryCsv.Header.Count(c => c == ','), line.ToString().Count(c => c == ',') - 1);
    }

    [Theory]
    [InlineData("=cmd", "'=cmd")]
    [InlineData("-1", "'-1")]
    [InlineData("@x", "'@x")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    public void Csv_CellsThatBite_AreTamed(string callee, string cell)
    {
        var line = new StringBuilder();
        HistoryCsv.Append(line, Row with { Callee = callee }, TimeZoneInfo.Utc);
        Assert.Contains($",'+4930123,{cell},sip.example.org,", line.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Accounts_WrittenAndRead_AreTheSameWithoutPasswords()
    {
        var text = AccountFile.Write([new AccountView(1, "Desk", "10006", "sip.example.org", "auth", "proxy", 5080, SipTransportChoice.Tcp, true, true, MadeUp.Noon)
        {
            Answers = new AnswerRule { Stream = "door", Callers = "1,2*" },
        }]);
        Assert.DoesNotContain("assword", text, StringComparison.Ordinal);
        var draft = Assert.Single(AccountFile.Read(text).Value!);
        Assert.Equal((true, "door", "1,2*"), (draft.AnswersCalls, draft.AnswerStream, draft.AnswerCallers));
        Assert.Equal(("Desk", "10006", "sip.example.org", "auth", "proxy", 5080, SipTransportChoice.Tcp, true), (draft.Name, draft.Login, draft.Domain, draft.AuthenticationName, draft.OutboundProxy, draft.Port, draft.Transport, draft.RegisterRequired));
        Assert.Null(draft.Password);
    }

    [Fact]
    public void Accounts_FromCsv_AreRead()
    {
        var drafts = AccountFile.Read("Login,Domain,Password,Name,Port,RegisterRequired\r\n10006,sip.example.org,\"a,\"\"b\",\"Desk, left\",5080,yes\r\n10007,sip.example.org,,,,\r\n").Value!;
        Assert.Equal(("10006", "a,\"b", "Desk, left", 5080, true), (drafts[0].Login, drafts[0].Password, drafts[0].Name, drafts[0].Port, drafts[0].RegisterRequired));
        Assert.Equal(("10007", null, "", null, false), (drafts[1].Login, drafts[1].Password, drafts[1].Name, drafts[1].Port, drafts[1].RegisterRequired));
        Assert.Equal(2, AccountFile.Read("login;domain\n1;a\n2;b").Value!.Count);
    }

    [Theory]
    [InlineData("", "The first line must name the fields")]
    [InlineData("name\nx", "at least login and domain")]
    [InlineData("[{", "Line 1 is not what an account looks like")]
    [InlineData("[]", "1 to 10000 accounts")]
    [InlineData("login,domain\n1,a\n,b", "Account 2, Login")]
    [InlineData("login,domain,port\n1,a,99999", "Account 1, Port")]
    public void Accounts_FromAWrongFile_SayWhere(string text, string why) =>
        Assert.Contains(why, Assert.Single(AccountFile.Read(text).Failures!).Advice, StringComparison.Ordinal);

    [Theory]
    [InlineData(null, null, "", "start-")]
    [InlineData("-loss", "2026-01-31", "?from=2026-01-31&sort=-loss", "loss-")]
    [InlineData("callee", "x", "?sort=callee", "callee+")]
    [InlineData("nonsense", null, "", "start-")]
    [InlineData("start", null, "?sort=start", "start+")]
    public void Query_FromAnAddress_TakesWhatItKnows(string? sort, string? from, string parameters, string order)
    {
        var query = HistoryQuery.Parse(" x ", "failed", from, null, sort);
        Assert.Equal(("x", HistoryResult.Failed, order), (query.Text, query.Result, query.Sort.ToString().ToLowerInvariant() + (query.Ascending ? "+" : "-")));
        var rest = query with { Text = "", Result = HistoryResult.All };
        Assert.Equal(parameters, string.Join('&', rest.ToParameters().Where(p => p.Value is not null).Select(p => $"{p.Key}={p.Value}")) is { Length: > 0 } text ? "?" + text : "");
    }

    private static CallRecordCopy Row => new();

    /// <summary>A row that tests can vary.</summary>
    private sealed record CallRecordCopy
    {
        public string Callee { get; init; } = "=1+1";

        public static implicit operator CallRecord(CallRecordCopy copy) => new()
        {
            CallId = "c-1", Caller = "+4930123", Callee = copy.Callee, Domain = "sip.example.org", StreamName = "s1", StartedAt = MadeUp.Noon, AnsweredAt = MadeUp.Noon.AddSeconds(2),
            EndedAt = MadeUp.Noon.AddSeconds(62.5), Status = "FINISH", CauseCode = "hung-up-there", CauseTitle = "said \"bye\", left", SipStatus = 200, AudioCodec = "PCMU", PacketsReceived = 1000,
            PacketsLost = 10, LossPercent = 0.99, JitterMs = 6.4,
        };
    }
}
