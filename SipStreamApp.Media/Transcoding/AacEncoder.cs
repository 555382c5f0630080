using System.Buffers;
using System.Globalization;
using System.Threading.Channels;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Transcoding;

/// <summary>One ffmpeg child that makes AAC of one source format, from its start to its end. What it makes goes to the stream.</summary>
internal sealed class AacEncoder : IAsyncDisposable
{
    // About 10 s of packets: a child that takes nothing for so long hangs.
    private const int MaxQueued = 512;

    private readonly Channel<byte[]> _input = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MaxQueued) { SingleReader = true, SingleWriter = true });
    private readonly ChildProcess _child;
    private readonly AudioFeed _feed;
    private readonly LiveStream _stream;
    private readonly MediaFramePool _frames;
    private readonly EngineClock _clock;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Lock _gate = new();
    private readonly Task _writing;
    private readonly Task _reading;
    private volatile bool _failed;

    private AacEncoder(ChildProcess child, AudioFeed feed, TrackFormat source, LiveStream stream, MediaFramePool frames, EngineClock clock)
    {
        (_child, _feed, Source, _stream, _frames, _clock) = (child, feed, source, stream, frames, clock);
        _writing = Task.Run(WriteAsync);
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>What it takes.</summary>
    public TrackFormat Source { get; }

    /// <summary>True once the child has died, hangs or makes nonsense.</summary>
    public bool HasFailed => _failed;

    /// <summary>Frames made so far.</summary>
    public long Made { get; private set; }

    /// <summary>Stream time up to which it was fed.</summary>
    public TimeSpan? End => _feed.End;

    /// <summary>Starts a child; null where the program cannot be run.</summary>
    public static AacEncoder? Start(string program, TrackFormat source, LiveStream stream, MediaFramePool frames, EngineClock clock)
    {
        var codec = FeedCodec.Create(source);
        var channels = AacFormat.For(source).Channels;
        // Not "-fflags nobuffer": it throws away what was read for probing, and the sound comes 20 to 40 ms too early.
        string[] arguments =
        [
            "-probesize", "32", "-analyzeduration", "0", .. codec.InputOptions, "-i", "pipe:0", "-vn", "-c:a", "aac",
            "-ar", AacFormat.Rate.ToString(CultureInfo.InvariantCulture), "-ac", channels.ToString(CultureInfo.InvariantCulture),
            "-b:a", channels == 1 ? "64k" : "96k", "-flush_packets", "1", "-f", "adts", "pipe:1",
        ];
        return Ffmpeg.Start(program, arguments) is { } child ? new AacEncoder(child, new AudioFeed(codec), source, stream, frames, clock) : null;
    }

    /// <summary>Feeds a frame; false where its time was already filled.</summary>
    public bool Push(MediaFrame frame)
    {
        bool isTaken;
        lock (_gate) isTaken = _feed.Push(frame.Data, frame.StreamTime, _buffer);
        Send();
        return isTaken;
    }

    /// <summary>Feeds silence up to a stream time.</summary>
    public void Silence(TimeSpan until)
    {
        lock (_gate) _feed.Silence(until, _buffer);
        Send();
    }

    /// <summary>What the child complained of.</summary>
    public string Errors => string.Join("; ", _child.LastWords);

    public async ValueTask DisposeAsync()
    {
        _input.Writer.TryComplete();
        _child.Kill();
        await Task.WhenAll(_writing, _reading);
        await _child.DisposeAsync();
    }

    private void Send()
    {
        if (_buffer.WrittenCount == 0) return;
        if (!_input.Writer.TryWrite(_buffer.WrittenSpan.ToArray())) _failed = true;
        _buffer.ResetWrittenCount();
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var bytes in _input.Reader.ReadAllAsync())
            {
                await _child.Input.WriteAsync(bytes);
                await _child.Input.FlushAsync();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _failed = true;
        }
    }

    private async Task ReadAsync()
    {
        var adts = new AdtsReader();
        try
        {
            int count;
            while ((count = await _child.Output.ReadAsync(adts.Room())) > 0)
            {
                adts.Wrote(count);
                while (adts.TryRead(out var data, out var channels)) Publish(data, AdtsReader.FormatOf(channels));
                if (adts.IsBroken) break;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Told by the flag below, as the end of the output is.
        }

        _failed = true;
    }

    // The encoder begins with one frame of priming, so frame n holds the 1024 samples from (n - 1) * 1024 on.
    private void Publish(ReadOnlySpan<byte> data, TrackFormat format)
    {
        var sample = (Made - 1) * AacFormat.FrameSamples;
        Made++;
        if (sample < 0) return;
        TimeSpan time;
        lock (_gate) time = _feed.TimeOf(sample);
        var frame = _frames.Rent(data.Length, out var room);
        data.CopyTo(room);
        frame.Complete(format, data.Length, true, sample, time, _clock.Now);
        _stream.PublishDerived(frame);
        frame.Release();
    }
}
