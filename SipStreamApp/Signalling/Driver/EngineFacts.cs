using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Session;

namespace SipStreamApp.Signalling.Driver;

/// <summary>Translates events of the engine into the words of the sessions.</summary>
internal static class EngineFacts
{
    /// <summary>Tells a session what concerns it.</summary>
    public static void Tell(EngineEvent fact, SessionConnection session, EngineClock clock)
    {
        if (fact is CallEnded { Call: { End: { } end } call })
            session.Feed(s => s.SourceEnded(call.StreamName, EndOf(end), call.EndedAt ?? DateTimeOffset.MaxValue, clock.Now));
    }

    private static BrowserEnd EndOf(CallEnd end) => end.Code switch
    {
        "no-media" or "media-stopped" => BrowserEnd.StreamSilent,
        "stream-terminated" => BrowserEnd.Terminated,
        "server-shutdown" => BrowserEnd.Shutdown,
        _ => BrowserEnd.StreamEnded,
    };
}
