using System.Buffers;
using System.Threading.Channels;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Transcoding;

/// <summary>One ffmpeg child that makes one codec of one source format, from its start to its end. What it makes goes to the stream.</summary>
internal sealed class DerivedEncoder : IAsyncDisposable
{
    // About 10 s of packets: a child that takes nothing for so long hangs.
    private const int MaxQueued = 512;

    private readonly Channel<byte[]> _input = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MaxQueued) { SingleReader = true, SingleWriter = true });
    private readonly ChildProcess _child;
    private readonly AudioFeed _feed;
    private readonly TargetCodec _target;
    private readonly LiveStream _stream;
    private readonly MediaFramePool _frames;
    private readonly EngineClock _clock;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Lock _gate = new();
    private readonly Task _writing;
    private readonly Task _reading;
    private volatile bool _failed;

    private DerivedEncoder(ChildProcess child, AudioFeed feed, TargetCodec target, TrackFormat source, LiveStream stream, MediaFramePool frames, EngineClock clock)
    {
        (_child, _feed, _target, Source, _stream, _frames, _clock) = (child, feed, target, source, stream, frames, clock);
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
    public static DerivedEncoder? Start(string program, Codec target, TrackFormat source, LiveStream stream, MediaFramePool frames, EngineClock clock)
    {
        var codec = FeedCodec.Create(source);
        var output = TargetCodec.Create(target, source);
        // Not "-fflags nobuffer": it throws away what was read for probing, and the sound comes 20 to 40 ms too early.
        string[] arguments =
        [
            "-probesize", "32", "-analyzeduration", "0", .. codec.InputOptions, "-i", "pipe:0", "-vn", "-flush_packets", "1",
            .. output.OutputOptions, "pipe:1",
        ];
        return Ffmpeg.Start(program, arguments) is { } child ? new DerivedEncoder(child, new AudioFeed(codec), output, source, stream, frames, clock) : null;
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
        try
        {
            int count;
            while ((count = await _child.Output.ReadAsync(_target.Room())) > 0)
            {
                _target.Wrote(count);
                while (_target.TryRead(out var data, out var format)) Publish(data, format);
                if (_target.IsBroken) break;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Told by the flag below, as the end of the output is.
        }

        _failed = true;
    }

    private void Publish(ReadOnlySpan<byte> data, TrackFormat format)
    {
        var index = Made++;
        var sample = _target.SampleOf(index);
        if (sample < 0) return;
        TimeSpan time;
        lock (_gate) time = _feed.TimeOf(sample);
        var frame = _frames.Rent(data.Length, out var room);
        data.CopyTo(room);
        frame.Complete(format, data.Length, true, _target.TicksOf(index), time, _clock.Now);
        _stream.PublishDerived(frame);
        frame.Release();
    }
}
