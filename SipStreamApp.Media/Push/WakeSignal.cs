using System.Threading.Channels;

namespace SipStreamApp.Media.Push;

/// <summary>Lets the hub wake a push without waiting for it. Many signals before it looks are one.</summary>
internal sealed class WakeSignal
{
    // Continuations never run on the publisher's thread: that is a channel's default.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1)
    {
        FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true,
    });

    public void Set() => _signal.Writer.TryWrite(true);

    public async ValueTask WaitAsync(CancellationToken cancel) => await _signal.Reader.ReadAsync(cancel);
}
