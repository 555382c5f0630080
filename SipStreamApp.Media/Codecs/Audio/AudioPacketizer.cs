using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>Sends a frame of sound as one packet.</summary>
/// <remarks>The marker bit stays clear: it belongs to the first packet after silence (RFC 3551 section 4.1).</remarks>
internal sealed class AudioPacketizer : IPacketizer
{
    private MediaFrame? _frame;

    /// <summary>Sound is never cut, whatever the limit: a 20 ms packet is far below every MTU.</summary>
    public void Begin(MediaFrame frame, int maxPayload) => _frame = frame;

    public bool TryNext(Span<byte> destination, out int length, out bool marker)
    {
        (length, marker) = (0, false);
        // A frame that does not fit where packets are built is skipped; cutting it would make noise of both halves.
        if (_frame is null || _frame.Length == 0 || _frame.Length > destination.Length) return false;
        _frame.Data.CopyTo(destination);
        length = _frame.Length;
        _frame = null;
        return true;
    }
}
