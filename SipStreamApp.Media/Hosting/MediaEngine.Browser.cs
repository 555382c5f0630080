using System.Collections.Immutable;
using System.Net;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc;
using SipStreamApp.Media.WebRtc.Publishing;

namespace SipStreamApp.Media.Hosting;

/// <content>Browsers that send: camera and microphone as a stream, and both ways for a phone in the browser.</content>
public sealed partial class MediaEngine
{
    // How often a phone in the browser looks whether the stream it is to hear has been reserved. Only between its answer and the call's.
    private static readonly TimeSpan WatchRetry = TimeSpan.FromMilliseconds(50);

    /// <summary>Browsers that publish, oldest first.</summary>
    public IReadOnlyList<PublisherSnapshot> Publishers => [.. _viewers.Publishers.OrderBy(p => p.Since)];

    /// <summary>
    /// Answers the SDP offer of a browser that sends its camera or microphone (WHIP): what it sends is the stream of that name until the
    /// session ends. The first codec of the configured order that the browser offers is taken, one for sound and one for picture.
    /// Failure codes: "stream-taken", "bad-offer", "no-common-codec", "viewer-limit", "overloaded", "not-running".
    /// </summary>
    /// <param name="name">Name of the stream.</param>
    /// <param name="offer">The SDP offer.</param>
    /// <param name="localAddress">The address the request came in on: an ICE candidate the browser can surely reach.</param>
    /// <param name="cancel">Gives up before the session is made.</param>
    public async Task<Outcome<WatchAnswer>> PublishAsync(StreamName name, string offer, IPAddress? localAddress, CancellationToken cancel)
    {
        if (!_running) return CallManager.NotRunning;
        if (Cpu.Refusal is { } overloaded) return overloaded;
        return await PublishAsync(
            name, p => _viewers.AnswerAsync(null, new PublishRequest(p, _hub.Frames, Formats(Options.Media.AudioCodecs, MediaKind.Audio), Formats(Options.Media.VideoCodecs, MediaKind.Video)), offer, localAddress, cancel),
            s => new WatchAnswer(s.SessionId, s.Sdp));
    }

    /// <summary>
    /// Answers the SDP offer of a phone in the browser: one connection that plays <paramref name="watch"/>, for which it waits as
    /// <see cref="WatchAsync"/> does, and publishes <paramref name="publish"/> in the same codecs, so that it can pass on untranscoded.
    /// Failure codes: those of <see cref="WatchAsync"/>, and "stream-taken".
    /// </summary>
    public async Task<Outcome<WatchAnswer>> TalkAsync(StreamName watch, StreamName publish, string offer, IPAddress? localAddress, CancellationToken cancel)
    {
        if (!_running) return CallManager.NotRunning;
        if (_hub.Find(publish) is not null) return StreamTaken(publish);
        var found = await FindLiveAsync(watch, WatchPatience, cancel);
        if (!found.Succeeded) return found.Failures.ToList();
        var outcome = await PublishAsync(
            publish, p => _viewers.AnswerAsync(found.Value, new PublishRequest(p, _hub.Frames, [], []), offer, localAddress, cancel), s => new WatchAnswer(s.SessionId, s.Sdp));
        return outcome.Failures is [{ Code: "stream-ended" }, ..] ? StreamNotFound(watch) : outcome;
    }

    /// <summary>
    /// Makes the SDP offer for a phone in the browser that is being called. The name <paramref name="publish"/> is taken from now on;
    /// <see cref="StopWatching"/> takes the offer back. Failure codes: "stream-taken", "invalid-field", "viewer-limit", "not-running".
    /// </summary>
    /// <param name="watch">The stream it will play, once that is live; it need not exist yet.</param>
    /// <param name="publish">The stream it will be.</param>
    /// <param name="audio">Sound formats to offer, preferred first; empty: no sound.</param>
    /// <param name="video">Picture formats to offer, preferred first; empty: no picture.</param>
    /// <param name="localAddress">The address the browser reached us on.</param>
    /// <param name="cancel">Gives up before the offer is made.</param>
    public async Task<Outcome<TalkOffer>> OfferTalkAsync(
        StreamName watch, StreamName publish, IReadOnlyList<TrackFormat> audio, IReadOnlyList<TrackFormat> video, IPAddress? localAddress, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (!_running) return CallManager.NotRunning;
        return await PublishAsync(
            publish, p => _viewers.OfferAsync(watch, new PublishRequest(p, _hub.Frames, [.. audio], [.. video]), localAddress), s => new TalkOffer(s.SessionId, s.Sdp));
    }

    /// <summary>
    /// Takes the browser's answer to <see cref="OfferTalkAsync"/>, and plays the stream that was named there as soon as it is live. An answer
    /// that cannot be used leaves the offer open. Failure codes: "session-not-found", "bad-answer", "no-common-codec", "not-running".
    /// </summary>
    public async Task<Outcome<TalkAnswer>> AcceptTalkAsync(string sessionId, string answerSdp, CancellationToken cancel)
    {
        if (!_running) return CallManager.NotRunning;
        var outcome = await _viewers.AcceptAsync(sessionId, answerSdp, cancel);
        if (outcome.Value is not { } accepted) return outcome.Failures.ToList();
        _ = WatchWhenLiveAsync(sessionId, accepted.Watch);
        return new TalkAnswer(accepted.Audio, accepted.Video);
    }

    // Ends with the session, or when the stream was there.
    private async Task WatchWhenLiveAsync(string sessionId, StreamName watch)
    {
        while (_viewers.Has(sessionId))
        {
            var stream = _hub.Find(watch);
            if (stream is { State: StreamState.Live })
            {
                await _viewers.WatchLaterAsync(sessionId, stream);
                return;
            }

            var wait = Task.Delay(WatchRetry);
            await (stream is null ? wait : Task.WhenAny(stream.Ready, wait));
        }
    }

    // The name belongs to the session that is made; where none is made it is free again.
    private async Task<Outcome<T>> PublishAsync<T>(StreamName name, Func<StreamPublisher, Task<Outcome<WatchSession>>> make, Func<WatchSession, T> answer)
        where T : class
    {
        if (!_hub.TryReserve(name, callId: null, out var publisher)) return StreamTaken(name);
        var made = false;
        try
        {
            var outcome = await make(publisher);
            made = outcome.Succeeded;
            return outcome.Value is { } session ? answer(session) : outcome.Failures.ToList();
        }
        finally
        {
            if (!made) publisher.End(StreamEndReason.PublisherFailed);
        }
    }

    private static ImmutableArray<TrackFormat> Formats(string codecs, MediaKind kind) => [.. CodecNames.Parse(codecs, kind).Select(TrackFormat.Default)];

    private static Failure StreamTaken(StreamName name) =>
        new("stream-taken", Blame.Caller, $"The stream name \"{name}\" is taken", "Choose another one, or end the call or the session that has it.");

    private void OnBrowserChanged(SessionChange change) => _events.Raise(new BrowserSessionChanged(
        change.SessionId, change.Stream, change.End is null ? BrowserSessionState.Connected : BrowserSessionState.Ended, change.Detail));
}
