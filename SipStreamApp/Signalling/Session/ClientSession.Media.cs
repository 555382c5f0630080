using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Session;

// Streams whose media go over a second WebSocket (media provider MSE).
internal sealed partial class ClientSession
{
    // The SDK connects its media socket as soon as it has the answer.
    private static readonly TimeSpan MediaSocketPatience = TimeSpan.FromSeconds(15);

    private readonly Queue<string> _feedsWaiting = new();

    /// <summary>Outcome of <see cref="FeedStream"/>: the packets are ready, and a media socket may fetch them.</summary>
    /// <param name="ticket">Of the command.</param>
    /// <param name="feedId">Names the feed; from now on it stands where a browser's session stands.</param>
    /// <param name="media">What will come.</param>
    /// <param name="now">Now.</param>
    public void FeedReady(int ticket, string feedId, StreamMedia media, Instant now)
    {
        _now = now;
        if (StreamOf(ticket) is not { } stream)
        {
            _outputs.Enqueue(new CloseBrowser(feedId));
            return;
        }

        (stream.Ticket, stream.BrowserId, stream.SocketBy, stream.Media) = (0, feedId, now + MediaSocketPatience, media);
        _feedsWaiting.Enqueue(feedId);
        Send(ServerMessage.Of("setRemoteSDP", stream.Id, MediaSocketSdp.Write(media.AudioCodec is not null, media.VideoCodec is not null)));
        ForgetEarlyEnds();
    }

    /// <summary>
    /// A media socket with this session's token connected: which feed it is for, or null. The socket does not say, so they are served in the
    /// order of their answers.
    /// </summary>
    public string? TakeMediaSocket(Instant now)
    {
        _now = now;
        while (_feedsWaiting.TryDequeue(out var feedId))
        {
            if (StreamOfBrowser(feedId) is not { } stream) continue;
            stream.SocketBy = Instant.Never;
            return feedId;
        }

        return null;
    }

    /// <summary>The first packets of a feed have gone out.</summary>
    public void FeedBegun(string feedId, Instant now)
    {
        if (StreamOfBrowser(feedId) is { } stream) BrowserConnected(feedId, stream.Media, now);
    }

    private void TickMediaSockets()
    {
        foreach (var stream in _streams.Values.Where(s => s.SocketBy <= _now).ToArray()) Finish(stream, "FAILED", StreamInfo.Error);
    }
}
