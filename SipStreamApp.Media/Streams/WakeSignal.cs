using System.Threading.Channels;

namespace SipStreamApp.Media.Streams;

/// <summary>Lets the hub wake an output's task without waiting for it. Many signals before the task looks are one.</summary>
internal sealed class WakeSignal
{
    // Continuations never run on the publisher's thread: that is a channel's default.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1)
    {
        FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true,
    });

    public void Set() => _signal.Writer.TryWrite(true);

    /// <summary>Waits for a signal.</summary>
    public async ValueTask WaitAsync(CancellationToken cancel) => await _signal.Reader.ReadAsync(cancel);

    /// <summary>Waits for a signal, at most so long. True where one came.</summary>
    public async ValueTask<bool> WaitAsync(TimeSpan most, CancellationToken cancel)
    {
        if (_signal.Reader.TryRead(out _)) return true;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(most);
        try
        {
            return await _signal.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}
