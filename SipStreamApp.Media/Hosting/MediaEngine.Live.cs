using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hls;
using SipStreamApp.Media.Mse;
using SipStreamApp.Media.Packaging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Stills;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Hosting;

// Playing over HTTP: MSE, HLS, still pictures and levels.
public sealed partial class MediaEngine
{
    // A call that was just answered has its tracks in a moment; HTTP players come again by themselves after more.
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(1);

    private readonly Lock _seating = new();

    /// <summary>
    /// Starts feeding a player that uses Media Source Extensions. Waits a while for a stream that is reserved by a call in progress.
    /// Failure codes: "stream-not-found", "stream-not-ready", "no-common-codec", "needs-ffmpeg", "viewer-limit", "viewer-removed",
    /// "overloaded", "not-running".
    /// </summary>
    public async Task<Outcome<MseSession>> PlayMseAsync(StreamName name, HttpPlayer player, CancellationToken cancel)
    {
        if (_live.Mse.Refuses(name, player)) return ViewerRemoved;
        if (NoMoreViewers is { } full) return full;
        var found = await FindLiveAsync(name, WatchPatience, cancel);
        if (!found.Succeeded) return found.Failures.ToList();
        var tracks = LiveTracks.Choose(found.Value, passOpus: true, _live.NoAac);
        return tracks.Succeeded ? new MseSession(found.Value, tracks.Value, _clock, player, _live.Mse) : tracks.Failures.ToList();
    }

    /// <summary>
    /// The HLS media playlist of a stream; the first request starts the presentation. A player that is new counts as a viewer from now on.
    /// Failure codes: "stream-not-found", "stream-not-ready", "hls-not-ready", "bad-sequence", "no-common-codec", "needs-ffmpeg",
    /// "viewer-limit", "viewer-removed", "overloaded", "not-running".
    /// </summary>
    /// <param name="name">The stream.</param>
    /// <param name="number">_HLS_msn: answer when this segment is in the playlist.</param>
    /// <param name="part">_HLS_part: or this part of it.</param>
    /// <param name="prefix">Path in front of the names in the playlist.</param>
    /// <param name="player">Who asks.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public async Task<Outcome<HlsFile>> HlsPlaylistAsync(StreamName name, long? number, int? part, string prefix, HttpPlayer player, CancellationToken cancel)
    {
        var found = await FindLiveAsync(name, AnswerPatience, cancel);
        if (found.Succeeded && Seat(found.Value, player) is var opened)
            return opened.Succeeded ? await opened.Value.PlaylistAsync(number, part, prefix, cancel) : opened.Failures.ToList();
        return _live.Hls.Find(name) is { } ending ? await ending.PlaylistAsync(number, part, prefix, cancel) : found.Failures.ToList();
    }

    /// <summary>A file that a playlist names. Failure codes: "stream-not-found", "file-not-found", "viewer-removed".</summary>
    public async Task<Outcome<HlsFile>> HlsFileAsync(StreamName name, string file, HttpPlayer player, CancellationToken cancel)
    {
        if (_live.Hls.Find(name) is not { } running) return StreamNotFound(name);
        if (running.Audience.Refuses(player)) return ViewerRemoved;
        running.Audience.Touch(player);
        return await running.FileAsync(file, cancel);
    }

    /// <summary>Who plays a stream by MSE and by HLS, of each those that came first first.</summary>
    public IReadOnlyList<HttpViewer> HttpViewersOf(StreamName name) => [.. _live.Mse.Of(name), .. _live.Hls.Find(name)?.Audience.All ?? []];

    /// <summary>Sends a player by MSE or HLS away, and refuses it for a minute. False where there is none of that id.</summary>
    public bool RemoveHttpViewer(string id) => _live.Mse.Remove(id, ViewerRemoved) || _live.Hls.Running.Any(s => s.Audience.Remove(id) is not null);

    /// <summary>A JPEG of the newest keyframe. Failure codes: "stream-not-found", "no-picture", "needs-ffmpeg", "busy".</summary>
    public async Task<Outcome<StillImage>> SnapshotAsync(StreamName name, CancellationToken cancel)
    {
        var found = await FindLiveAsync(name, AnswerPatience, cancel);
        return found.Succeeded ? await _live.Stills.TakeAsync(found.Value, cancel) : found.Failures.ToList();
    }

    /// <summary>The same as a PNG, as clients of Web Call Server want it.</summary>
    public async Task<Outcome<StillImage>> SnapshotPngAsync(StreamName name, CancellationToken cancel)
    {
        var found = await FindLiveAsync(name, AnswerPatience, cancel);
        return found.Succeeded ? await _live.Stills.TakePngAsync(found.Value, cancel) : found.Failures.ToList();
    }

    /// <summary>
    /// How loud these streams are, in their order, ten times a second until cancelled: -dBov as in RFC 6464 section 3, 0 (the loudest there is)
    /// to 127 (silence). Null for a stream that is not there, has no sound, or whose sound cannot be decoded here. A stream may come later.
    /// </summary>
    public IAsyncEnumerable<byte?[]> WatchLevelsAsync(IReadOnlyList<StreamName> names, CancellationToken cancel) => _live.Levels.WatchAsync(names, cancel);

    // Why one more viewer is not taken, whatever the way he comes by.
    private Failure? NoMoreViewers => Cpu.Refusal ?? (_viewers.Counts.Viewers + Streams.Sum(s => s.MseViewers + s.HlsViewers) < Options.Limits.Viewers
        ? null
        : new Failure("viewer-limit", Blame.Server, $"The limit of {Options.Limits.Viewers} viewers is reached", "Try again later, or raise Limits:Viewers.") { Retryable = true });

    // One after the other: of two that are new only one gets the last place.
    private Outcome<HlsStream> Seat(LiveStream stream, HttpPlayer player)
    {
        lock (_seating)
        {
            var running = _live.Hls.Find(stream.Name) is { } found && found.Stream == stream ? found.Audience : null;
            if (running?.Refuses(player) == true) return ViewerRemoved;
            var isKnown = running?.Touch(player) == true;
            if (!isKnown && NoMoreViewers is { } full) return full;
            var opened = _live.Hls.Open(stream, _live.NoAac);
            if (!isKnown) opened.Value?.Audience.Add(player);
            return opened;
        }
    }

    private async Task<Outcome<LiveStream>> FindLiveAsync(StreamName name, TimeSpan patience, CancellationToken cancel)
    {
        if (!_running) return CallManager.NotRunning;
        if (_hub.Find(name) is not { } stream) return StreamNotFound(name);
        try
        {
            await stream.Ready.WaitAsync(patience, cancel);
        }
        catch (TimeoutException)
        {
            return StreamNotReady(name);
        }

        return stream.State == StreamState.Ended ? StreamNotFound(name) : stream;
    }

    private static Failure StreamNotReady(StreamName name) =>
        new("stream-not-ready", Blame.Caller, $"The stream \"{name}\" has no media yet", "Its call is not answered. Try again.") { Retryable = true };
}
