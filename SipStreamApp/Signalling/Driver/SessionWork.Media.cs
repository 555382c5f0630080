using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Cryptography;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.SdkMse;
using SipStreamApp.Signalling.Session;

namespace SipStreamApp.Signalling.Driver;

/// <content>Streams that go over media sockets.</content>
internal sealed partial class SessionWork
{
    private readonly ConcurrentDictionary<string, MediaFeed> _feeds = new(StringComparer.Ordinal);

    // The links that feeds are played by.
    private readonly ConcurrentDictionary<string, string> _seats = new(StringComparer.Ordinal);

    /// <summary>Serves a media socket of the session until it ends.</summary>
    public async Task ServeMediaAsync(WebSocket socket, string feedId, SessionConnection session, CancellationToken shutdown)
    {
        if (!_feeds.TryGetValue(feedId, out var feed)) return;
        var reason = await feed.ServeAsync(socket, () => session.Feed(s => s.FeedBegun(feedId, Now)), shutdown);
        _feeds.TryRemove(feedId, out _);
        Leave(feedId);
        session.Feed(s => s.BrowserEnded(feedId, reason is null ? BrowserEnd.ClosedByBrowser : EngineFacts.EndOf(reason), Now));
    }

    private async Task FeedAsync(FeedStream feed, SessionConnection session)
    {
        var wasReserved = services.Engine.FindStream(feed.Name) is not null;
        var (refused, link) = await services.Access.CheckAsync(session.Read(s => s.Rights), feed.Name, CancellationToken.None);
        Outcome<SdkMseSession> outcome = refused is not null ? refused : await UnderAsync(feed.Ticket, cancel => services.Engine.PlaySdkMseAsync(feed.Name, feed.Audio, feed.Video, cancel));
        var id = "mse-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        if (outcome.Succeeded && link is not null && !services.Access.TakeSeat(link, id, () => session.Feed(s => s.BrowserEnded(id, BrowserEnd.Terminated, Now))))
        {
            outcome.Value.Dispose();
            outcome = ClientAccess.Full;
        }

        if (!outcome.Succeeded)
        {
            session.Feed(s => s.MediaFailed(feed.Ticket, outcome.Failures[0], wasReserved, Now));
            return;
        }

        if (link is not null) _seats[id] = link.Id;

        var source = outcome.Value;
        if (source.Note.Length > 0) Log.Incomplete(services.Logger, feed.Name, session.Id, source.Note);
        var media = EngineFacts.MediaOf(services.Engine, feed.Name);
        _feeds[id] = new MediaFeed(source);
        session.Feed(s => s.FeedReady(feed.Ticket, id, media with { AudioCodec = source.HasAudio ? "mpeg4-generic" : null, VideoCodec = source.HasVideo ? media.VideoCodec : null }, Now));
    }

    private bool CloseFeed(string id)
    {
        if (!_feeds.TryRemove(id, out var feed)) return false;
        feed.Close();
        Leave(id);
        return true;
    }

    private void Leave(string feedId)
    {
        if (_seats.TryRemove(feedId, out var link)) services.Access.LeaveSeat(link, feedId);
    }
}
