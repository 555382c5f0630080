using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;
using Xunit;

namespace SipStreamApp.Tests.Media.Recording;

public class RecordingNameTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 14, 5, 59, 250, TimeSpan.Zero);

    [Theory]
    [InlineData("{streamName}-{startTime}-{endTime}", "cam.1-2026-01-31_14-05-59-2026-01-31_14-06-09")]
    [InlineData("stream-{mediaSessionId}-{login}", "stream-c1-alice")]
    [InlineData("{startTimeMillis}_{endTimeMillis}_{videoCodec}_{audioCodec}", "1769868359250_1769868369250_H264_none")]
    [InlineData("{login}/{callId}", "alice/c1")]
    [InlineData("../../etc/{streamName}", "etc/cam.1")]
    [InlineData("/abs/./x", "abs/x")]
    [InlineData("a\\b:c*d?", "a_b_c_d_")]
    [InlineData(" ..hidden. ", "hidden")]
    [InlineData("..", "id1")]
    public void Make_Template_IsANameInsideTheFolder(string template, string expected) => Assert.Equal(expected, RecordingName.Make(template, Ended()));

    [Fact]
    public void Make_WhileItRuns_LeavesTheEndOpen() =>
        Assert.Equal("x-{endTime}", RecordingName.Make("x-{endTime}", Ended() with { EndedAt = null }));

    [Fact]
    public void Make_EvilLoginsAndNames_NeverLeaveTheFolder()
    {
        var random = new Random(5);
        var folder = new RecordingFolder(Path.Combine(Path.GetTempPath(), "records"));
        const string Evil = "../\\\0\n:*?\"<>|~$`{}é猫😀 .-abc";
        for (var i = 0; i < 5000; i++)
        {
            string Text(int most) => new([.. Enumerable.Range(0, random.Next(0, most)).Select(_ => Evil[random.Next(Evil.Length)])]);
            var name = RecordingName.Make(Text(40) + "{login}" + Text(20), Ended() with { Login = Text(300) });
            Assert.NotNull(folder.Resolve(name + ".mp4"));
            Assert.All(name.Split('/'), s => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(s), 1, 200));
            Assert.DoesNotContain(name, c => char.IsControl(c) || c is '\\' or ':' or '*' or '|' or '"');
            Assert.DoesNotContain(name.Split('/'), s => s.StartsWith('.'));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{password}")]
    [InlineData("a/b/c/d/e")]
    public void Check_WrongTemplate_SaysWhy(string template) => Assert.NotNull(RecordingName.Check(template));

    [Fact]
    public void Resolve_PathOutside_IsNull()
    {
        var folder = new RecordingFolder("/tmp/records");
        Assert.Null(folder.Resolve("../records2/x.mp4"));
        Assert.Null(folder.Resolve("/etc/passwd"));
        Assert.Equal("/tmp/records/a/b.mp4", folder.Resolve("a/b.mp4"));
    }

    private static RecordingSnapshot Ended()
    {
        Assert.True(StreamName.TryParse("cam.1", out var name));
        return new RecordingSnapshot
        {
            Id = "id1", StreamName = name, CallId = new CallId("c1"), Login = "alice", StartedAt = Start, EndedAt = Start.AddSeconds(10), FileName = "", VideoCodec = "H264",
        };
    }
}
