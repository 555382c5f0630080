using SipStreamApp.Data;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Tests.Web;

/// <summary>Calls and streams made up for tests.</summary>
internal static class MadeUp
{
    public static readonly DateTimeOffset Noon = new(2025, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static StreamName Stream(string name) => StreamName.TryParse(name, out var stream) ? stream : throw new ArgumentException(name);

    public static CallSnapshot Trying(string id = "c-1", string stream = "call_stream1") => new()
    {
        Id = new CallId(id), Status = CallStatus.Trying, SipStatus = 100, StreamName = Stream(stream), Caller = "10006", Callee = "10005",
        Domain = "sip.example.org", AppKey = "defaultApp", HasAudio = true, HasVideo = true, CreatedAt = Noon, Detail = "Calling",
        Steps = [new("resolve", TimeSpan.Zero, TimeSpan.FromMilliseconds(3)), new("invite", TimeSpan.FromMilliseconds(3), null)],
    };

    public static CallSnapshot Live(string id = "c-1", string stream = "call_stream1") => Trying(id, stream) with
    {
        Status = CallStatus.Established, SipStatus = 200, AnsweredAt = Noon.AddSeconds(2), Detail = "Live",
        Steps = [new("resolve", TimeSpan.Zero, TimeSpan.FromMilliseconds(3)), new("invite", TimeSpan.FromMilliseconds(3), TimeSpan.FromSeconds(2)), new("media", TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(80))],
        Media =
        [
            Medium(MediaKind.Audio, TrackFormat.Default(Codec.Pcmu), 950, 50),
            Medium(MediaKind.Video, TrackFormat.Default(Codec.H264) with { Width = 640, Height = 360 }, 1000, 0),
        ],
    };

    public static CallSnapshot Ended(string id = "c-1", string stream = "call_stream1") => Live(id, stream) with
    {
        Status = CallStatus.Finish, EndedAt = Noon.AddSeconds(62), Detail = "Ended",
        End = new CallEnd("hung-up-there", false, null, "The other side hung up", "", null, null),
    };

    public static CallSnapshot Busy(string id = "c-1") => Trying(id) with
    {
        Status = CallStatus.Busy, SipStatus = 486, EndedAt = Noon.AddSeconds(1), Detail = "Busy",
        End = new CallEnd("busy", true, Blame.Peer, "The callee is busy", "Try again in a while.", 486, "SIP/2.0 486 Busy Here"),
    };

    public static StreamSnapshot LiveStream(string name = "call_stream1", int viewers = 2) => new(
        Stream(name), new CallId("c-1"), StreamState.Live, Noon,
        new TrackSnapshot(TrackFormat.Default(Codec.Pcmu), 100, 100, 16000, 64, 50, TimeSpan.Zero, TimeSpan.Zero),
        new TrackSnapshot(TrackFormat.Default(Codec.H264) with { Width = 640, Height = 360 }, 100, 4, 200_000, 800, 25, TimeSpan.Zero, TimeSpan.FromSeconds(1)),
        null, viewers, []);

    public static RecordingRecord Recording(string id, DateTimeOffset endedAt, DateTimeOffset? deletedAt = null) => new()
    {
        Id = id, StreamName = "call_stream1", Login = "10006", State = RecordingState.Ready, StartedAt = endedAt.AddSeconds(-60), EndedAt = endedAt, DurationMs = 60_000,
        Bytes = 1_000_000, FileName = id + ".mp4", PosterName = id + ".jpg", VideoCodec = "H264", AudioCodec = "opus", DeletedAt = deletedAt,
    };

    private static CallMediaSnapshot Medium(MediaKind kind, TrackFormat format, long received, long lost) => new(
        kind, format, 30000, "192.0.2.1:4000", received, lost, 100.0 * lost / (received + lost), 6.4, 12, 500, received * 160, 0, 1, TimeSpan.FromMilliseconds(12));
}
