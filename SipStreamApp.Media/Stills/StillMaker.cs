using System.Runtime.CompilerServices;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Stills;

/// <summary>Makes JPEGs of newest keyframes, a few at once; who asks again soon gets the same one.</summary>
internal sealed class StillMaker(EngineClock clock, string? program) : IDisposable
{
    private const int AtOnce = 2;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeyframePatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _slots = new(AtOnce);
    // Keyed by the stream object: what was taken goes when the stream goes.
    private readonly ConditionalWeakTable<LiveStream, Entry> _taken = [];

    /// <summary>Children started so far.</summary>
    public int Starts { get; private set; }

    /// <summary>The newest picture. Failure codes: "no-picture", "needs-ffmpeg", "busy", "still-failed".</summary>
    public async Task<Outcome<StillImage>> TakeAsync(LiveStream stream, CancellationToken cancel)
    {
        if (program is null) return Ffmpeg.Missing;
        if (stream.VideoFormat is null) return NoPicture("The stream has no picture");
        Task<Outcome<StillImage>> making;
        var entry = _taken.GetOrCreateValue(stream);
        lock (entry)
        {
            var isFresh = entry.Making is { IsCompleted: false } || (entry.Making is not null && clock.Now - entry.At < Fresh);
            if (!isFresh) (entry.Making, entry.At) = (MakeAsync(stream, entry), clock.Now);
            making = entry.Making!;
        }

        return await making.WaitAsync(cancel);
    }

    /// <summary>The same as a PNG. Failure codes as with <see cref="TakeAsync"/>.</summary>
    public async Task<Outcome<StillImage>> TakePngAsync(LiveStream stream, CancellationToken cancel)
    {
        var taken = await TakeAsync(stream, cancel);
        if (!taken.Succeeded) return taken;
        if (!await _slots.WaitAsync(Limit, cancel)) return Busy;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(Limit);
            string[] arguments = ["-f", "mjpeg", "-i", "pipe:0", "-frames:v", "1", "-c:v", "png", "-f", "image2pipe", "pipe:1"];
            var png = await RunAsync(arguments, taken.Value.Data, limit.Token);
            return png.Succeeded ? new StillImage(png.Value, taken.Value.TakenAt) : png.Failures.ToList();
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<Outcome<StillImage>> MakeAsync(LiveStream stream, Entry entry)
    {
        await Task.Yield();
        var outcome = await TryMakeAsync(stream);
        // A failure is not kept: the next one may have more luck.
        if (!outcome.Succeeded) lock (entry) entry.At = clock.Now - Fresh;
        return outcome;
    }

    private async Task<Outcome<StillImage>> TryMakeAsync(LiveStream stream)
    {
        if (!await _slots.WaitAsync(Limit)) return Busy;
        try
        {
            if (await KeyframeAsync(stream) is not { } frame) return NoPicture("No keyframe has come yet");
            using var limit = new CancellationTokenSource(Limit);
            try
            {
                return await EncodeAsync(frame, limit.Token);
            }
            finally
            {
                frame.Release();
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<MediaFrame?> KeyframeAsync(LiveStream stream)
    {
        var signal = new WakeSignal();
        using var reader = stream.Subscribe("still", replay: true, signal.Set);
        var until = clock.Now + KeyframePatience;
        var isAsked = false;
        while (clock.Now < until && reader.EndReason is null)
        {
            while (reader.TryRead(out var item))
            {
                if (item.Frame.Format.Kind == MediaKind.Video && item.Frame.IsKeyframe) return item.Frame;
                item.Frame.Release();
            }

            if (!isAsked) stream.RequestKeyframe();
            isAsked = true;
            await signal.WaitAsync(until - clock.Now, CancellationToken.None);
        }

        return null;
    }

    private async Task<Outcome<StillImage>> EncodeAsync(MediaFrame frame, CancellationToken cancel)
    {
        var takenAt = clock.UtcNow - (clock.Now - frame.ArrivedAt);
        if (StillInput.Of(frame, out var demuxer) is not { } bytes) return NoPicture("The keyframe is damaged");
        string[] arguments = ["-f", demuxer, "-i", "pipe:0", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p", "-f", "image2pipe", "pipe:1"];
        var jpeg = await RunAsync(arguments, bytes, cancel);
        return jpeg.Succeeded ? new StillImage(jpeg.Value, takenAt) : jpeg.Failures.ToList();
    }

    private async Task<Outcome<byte[]>> RunAsync(string[] arguments, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        Starts++;
        await using var child = Ffmpeg.Start(program!, arguments);
        if (child is null) return Ffmpeg.Missing;
        var picture = new MemoryStream();
        try
        {
            var reading = child.Output.CopyToAsync(picture, cancel);
            await child.Input.WriteAsync(bytes, cancel);
            child.Input.Close();
            await reading;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            child.Kill();
        }

        if (picture.Length > 0) return picture.ToArray();
        await child.FinishAsync(TimeSpan.Zero);
        return new Failure("still-failed", Blame.Server, "ffmpeg made no picture", string.Join("; ", child.LastWords));
    }

    private static Failure Busy { get; } = new("busy", Blame.Server, "Too many pictures are being made", "Try again.") { Retryable = true };

    private static Failure NoPicture(string why) => new("no-picture", Blame.Peer, why) { Retryable = true };

    private sealed class Entry
    {
        public Task<Outcome<StillImage>>? Making { get; set; }

        public Instant At { get; set; }
    }
}
