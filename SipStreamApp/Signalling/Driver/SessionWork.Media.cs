using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Cryptography;
using SipStreamApp.Signalling.Session;

namespace SipStreamApp.Signalling.Driver;

/// <content>Streams that go over media sockets.</content>
internal sealed partial class SessionWork
{
    private readonly ConcurrentDictionary<string, MediaFeed> _feeds = new(StringComparer.Ordinal);

    /// <summary>Serves a media socket of the session until it ends.</summary>
    public async Task ServeMediaAsync(WebSocket socket, string feedId, SessionConnection session, CancellationToken shutdown)
    {
        if (!_feeds.TryGetValue(feedId, out var feed)) return;
        var reason = await feed.ServeAsync(socket, () => session.Feed(s => s.FeedBegun(feedId, Now)), shutdown);
        _feeds.TryRemove(feedId, out _);
        session.Feed(s => s.BrowserEnded(feedId, reason is null ? BrowserEnd.ClosedByBrowser : EngineFacts.EndOf(reason), Now));
    }

    private async Task FeedAsync(FeedStream feed, SessionConnection session)
    {
        var wasReserved = services.Engine.FindStream(feed.Name) is not null;
        var outcome = await UnderAsync(feed.Ticket, cancel => services.Engine.PlaySdkMseAsync(feed.Name, feed.Audio, feed.Video, cancel));
        if (!outcome.Succeeded)
        {
            session.Feed(s => s.MediaFailed(feed.Ticket, outcome.Failures[0], wasReserved, Now));
            return;
        }

        var source = outcome.Value;
        if (source.Note.Length > 0) Log.Incomplete(services.Logger, feed.Name, session.Id, source.Note);
        var (id, media) = ("mse-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), EngineFacts.MediaOf(services.Engine, feed.Name));
        _feeds[id] = new MediaFeed(source);
        session.Feed(s => s.FeedReady(feed.Ticket, id, media with { AudioCodec = source.HasAudio ? "mpeg4-generic" : null, VideoCodec = source.HasVideo ? media.VideoCodec : null }, Now));
    }

    private bool CloseFeed(string id)
    {
        if (!_feeds.TryRemove(id, out var feed)) return false;
        feed.Close();
        return true;
    }
}
