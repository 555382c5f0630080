using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Signalling.Session;

namespace SipStreamApp.Signalling.Driver;

/// <summary>Translates events of the engine into the words of the sessions.</summary>
internal static class EngineFacts
{
    /// <summary>Tells a session what concerns it.</summary>
    public static void Tell(EngineEvent fact, SessionConnection session, MediaEngine engine, EngineClock clock)
    {
        switch (fact)
        {
            case BrowserSessionChanged { State: BrowserSessionState.Connected } connected:
                session.Feed(s => s.BrowserConnected(connected.SessionId, MediaOf(engine, connected.Stream), clock.Now));
                break;
            case BrowserSessionChanged ended:
                session.Feed(s => s.BrowserEnded(ended.SessionId, EndOf(ended.Detail), clock.Now));
                break;
            case CallChanged { Call: var call }:
                session.Feed(s => s.CallChanged(call, clock.Now));
                break;
            case CallEnded { Call: var call }:
                session.Feed(s => s.CallChanged(call, clock.Now));
                break;
            case TransferChanged transfer:
                session.Feed(s => s.TransferChanged(transfer.Call.Id, transfer.Status.ToString().ToUpperInvariant(), clock.Now));
                break;
            case StreamChanged { Stream: { State: StreamState.Ended } stream }:
                session.Feed(s => s.SourceEnded(stream.Name, EndOf(stream.EndReason), clock.Now));
                break;
            default:
                break;
        }
    }

    /// <summary>What a stream carries, for status events.</summary>
    public static StreamMedia MediaOf(MediaEngine engine, StreamName name) => engine.FindStream(name) is { } stream
        ? new StreamMedia(stream.Audio?.Format.EncodingName, stream.Video?.Format.EncodingName, stream.Video?.Format.Width ?? 0, stream.Video?.Format.Height ?? 0)
        : StreamMedia.Unknown;

    private static BrowserEnd EndOf(string detail) => detail switch
    {
        "stream-ended" => BrowserEnd.StreamEnded,
        "closed-by-peer" => BrowserEnd.ClosedByBrowser,
        "requested" => BrowserEnd.Terminated,
        "ice-timeout" => BrowserEnd.Lost,
        "dtls-failed" => BrowserEnd.HandshakeFailed,
        "dtls-fingerprint" => BrowserEnd.WrongFingerprint,
        "shutdown" => BrowserEnd.Shutdown,
        _ => BrowserEnd.Failed,
    };

    /// <summary>The end of a stream in the words of the sessions.</summary>
    public static BrowserEnd EndOf(StreamEndReason? reason) => reason switch
    {
        StreamEndReason.PublisherFailed => BrowserEnd.StreamFailed,
        StreamEndReason.RtpSilence => BrowserEnd.StreamSilent,
        StreamEndReason.Terminated => BrowserEnd.Terminated,
        StreamEndReason.Shutdown => BrowserEnd.Shutdown,
        _ => BrowserEnd.StreamEnded,
    };
}
