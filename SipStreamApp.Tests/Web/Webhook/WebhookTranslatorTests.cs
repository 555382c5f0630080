using System.Text.Json;
using SipStreamApp.Api;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Push;
using SipStreamApp.Media.Recording;
using SipStreamApp.Media.Streams;
using SipStreamApp.Tests.Kit.Media;
using SipStreamApp.Webhook;
using Xunit;

namespace SipStreamApp.Tests.Web.Webhook;

public sealed class WebhookTranslatorTests
{
    private readonly WebhookTranslator _translator = new(s => StreamView.Published(s, MadeUp.Live(), null, false), _ => null, new ManualTime());

    [Fact]
    public void Call_OfMadeUpLife_IsToldOncePerStep()
    {
        var trying = MadeUp.Trying();
        var ring = trying with { Status = CallStatus.Ring, SipStatus = 180 };

        Assert.Equal(
            ["call.started", "call.ringing", "call.established", "call.held", "call.established", "call.ended"],
            Types(
                new CallChanged(trying), new CallChanged(trying with { Detail = "Still" }), new CallChanged(ring), new CallChanged(ring with { Status = CallStatus.SessionProgress }),
                new CallChanged(MadeUp.Live()), new CallChanged(MadeUp.Live() with { Detail = "More" }), new CallChanged(MadeUp.Live() with { Status = CallStatus.Hold }),
                new CallChanged(MadeUp.Live()), new CallEnded(MadeUp.Ended())));
        Assert.Equal(["call.started", "call.ended"], Types(new CallEnded(MadeUp.Busy("c-2"))));
        Assert.Equal(0, _translator.Open);
    }

    [Fact]
    public void Stream_ThatNeverWasLive_IsNotToldToEnd()
    {
        var live = MadeUp.LiveStream();
        var reserved = live with { Name = MadeUp.Stream("other"), State = StreamState.Ended, EndReason = StreamEndReason.PublisherFailed };

        Assert.Equal(["stream.started", "stream.ended"], Types(
            new StreamChanged(live), new StreamChanged(live), new StreamChanged(reserved), new StreamChanged(live with { State = StreamState.Ended, EndReason = StreamEndReason.RtpSilence })));
        Assert.Equal(0, _translator.Open);
    }

    [Fact]
    public void RecordingsAndPushes_AreToldByWhatBecomesOfThem()
    {
        var recording = new RecordingSnapshot { Id = "r-1", StreamName = MadeUp.Stream("s"), State = RecordingState.Recording, StartedAt = MadeUp.Noon, FileName = "x.mp4" };
        Assert.Equal(["recording.started", "recording.finishing", "recording.ready"], Types(
            new RecordingChanged(recording), new RecordingChanged(recording with { Bytes = 9 }), new RecordingChanged(recording with { State = RecordingState.Finishing }),
            new RecordingChanged(recording with { State = RecordingState.Finishing, Percent = 50 }), new RecordingChanged(recording with { State = RecordingState.Ready })));

        var push = new PushSnapshot { Id = "p-1", Stream = MadeUp.Stream("s"), Name = "rtmp_s", Target = "rtmp://h/a", State = PushState.Waiting, CreatedAt = MadeUp.Noon };
        Assert.Equal(["push.started", "push.publishing", "push.retrying", "push.publishing", "push.failed"], Types(
            new PushChanged(push), new PushChanged(push with { State = PushState.Connecting }), new PushChanged(push with { State = PushState.Publishing }),
            new PushChanged(push with { State = PushState.Retrying }), new PushChanged(push with { State = PushState.Connecting }), new PushChanged(push with { State = PushState.Retrying }),
            new PushChanged(push with { State = PushState.Publishing }), new PushChanged(push with { State = PushState.Failed })));
        Assert.Equal(0, _translator.Open);
    }

    [Fact]
    public void Body_HasIdTypeTimeAndTheRestObject()
    {
        var told = Assert.Single(_translator.Translate(new CallChanged(MadeUp.Trying())));
        using var json = JsonDocument.Parse(told.ToJson());

        Assert.Equal(["id", "type", "time", "data"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("call.started", "2026-01-01T00:00:00.0000000Z", "call:c-1"), (json.RootElement.GetProperty("type").GetString(), json.RootElement.GetProperty("time").GetString(), told.ObjectKey));
        Assert.StartsWith("evt_", told.Id, StringComparison.Ordinal);
        Assert.Equal(JsonSerializer.Serialize(CallObject.From(MadeUp.Trying()), ApiJson.Default.CallObject), json.RootElement.GetProperty("data").GetRawText());
    }

    // The hash was computed by openssl.
    [Fact]
    public void Signature_IsHmacSha256OverTimeDotBody() => Assert.Equal(
        "t=1700000000,v1=5cbd2421d248267c04421cbd880d5e4a5a4a3d2dda778acb980cd133763764a6",
        WebhookSignature.Sign("top-secret", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), """{"id":"evt_1"}"""u8));

    [Theory]
    [InlineData("https://example.org/", "https://example.org")]
    [InlineData("https://user:secret@example.org:8443/hooks/secret?token=secret", "https://example.org:8443/…")]
    public void Target_IsShownWithoutWhatMayBeSecret(string url, string shown) => Assert.Equal(shown, new WebhookSettings { Url = new Uri(url) }.Target);

    private List<string> Types(params EngineEvent[] news) => [.. news.SelectMany(n => _translator.Translate(n)).Select(e => e.Type)];
}
