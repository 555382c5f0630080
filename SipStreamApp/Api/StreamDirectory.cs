using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;
using SipStreamApp.Media.Streams;
using SipStreamApp.Signalling;

namespace SipStreamApp.Api;

/// <summary>Every stream of this node: what calls and clients publish, and who plays it, by WHEP, by MSE, by HLS and by the Web SDK.</summary>
internal sealed class StreamDirectory(MediaEngine engine, IClientSessions sessions, TimeProvider time)
{
    /// <summary>What a viewer is told that is stopped from here.</summary>
    public const string StoppedByRest = "Stopped by rest /terminate";

    /// <summary>The published ones first, each kind by its age.</summary>
    public IReadOnlyList<StreamObject> All(bool withMetrics = false)
    {
        DateTimeOffset? now = withMetrics ? time.GetUtcNow() : null;
        var streams = engine.Streams.Where(s => s.State != StreamState.Ended).ToDictionary(s => s.Name);
        var clients = sessions.All.SelectMany(s => s.Streams.Select(t => (Session: s, Stream: t))).ToList();
        var viewers = engine.WebRtcViewers.ToDictionary(v => v.SessionId);
        var taken = clients.Select(c => c.Stream.ViewerId).OfType<string>().ToHashSet();
        var recorded = engine.Recordings.Where(r => r.State == RecordingState.Recording).Select(r => r.StreamName).ToHashSet();
        return
        [
            .. streams.Values.OrderBy(s => s.CreatedAt).Select(s => StreamView.Published(s, CallOf(s), Publisher(clients, s), recorded.Contains(s.Name), now)),
            .. clients.Where(c => !c.Stream.Published).Select(c => StreamView.Played(
                c.Session, c.Stream, streams.GetValueOrDefault(c.Stream.Name), c.Stream.ViewerId is { } id ? viewers.GetValueOrDefault(id) : null, now)),
            .. viewers.Values.Where(v => !taken.Contains(v.SessionId)).OrderBy(v => v.Since).Select(v => StreamView.Played(v, streams.GetValueOrDefault(v.Stream), now)),
            .. streams.Values.SelectMany(s => engine.HttpViewersOf(s.Name).Select(v => (Stream: s, Viewer: v))).OrderBy(p => p.Viewer.Since).Select(p => StreamView.Played(p.Viewer, p.Stream, now)),
        ];
    }

    /// <summary>The published stream of that name as it is in events; null for a stream of no call and no client.</summary>
    public StreamObject Describe(StreamSnapshot stream) =>
        StreamView.Published(stream, CallOf(stream), Publisher([.. sessions.All.SelectMany(s => s.Streams.Select(t => (s, t)))], stream), false);

    /// <summary>Ends a stream: hangs the call up, stops the client or the viewer. False where it was gone already, or where nothing can end it.</summary>
    public async Task<bool> StopAsync(StreamObject stream) =>
        sessions.StopStream(stream.MediaSessionId, StoppedByRest)
        || (stream.Published ? CallId.TryParse(stream.CallId, out var call) && await engine.HangUpAsync(call) : engine.StopWatching(stream.MediaSessionId) || engine.RemoveHttpViewer(stream.MediaSessionId));

    private CallSnapshot? CallOf(StreamSnapshot stream) => stream.CallId is { } id ? engine.FindCall(id) : null;

    private static (ClientSessionInfo Session, ClientStreamInfo Stream)? Publisher(List<(ClientSessionInfo Session, ClientStreamInfo Stream)> clients, StreamSnapshot stream)
    {
        foreach (var client in clients) if (client.Stream.Published && client.Stream.Name == stream.Name) return client;
        return null;
    }
}
