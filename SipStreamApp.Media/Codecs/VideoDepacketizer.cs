using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>What became of a frame whose last packet was seen.</summary>
internal enum FrameVerdict
{
    /// <summary>Whole.</summary>
    Complete,

    /// <summary>Held no picture (parameter sets only); nothing to deliver and nothing lost.</summary>
    Absorbed,

    /// <summary>Lacks a part.</summary>
    Broken,
}

/// <summary>
/// The rules all video formats share: a frame ends with the marker or where the timestamp changes, a frame that lacks any packet
/// is dropped, and after that everything is withheld until a keyframe.
/// </summary>
internal abstract class VideoDepacketizer(TrackFormat format, MediaFramePool pool, DepacketizerOptions options)
    : Depacketizer(format, pool, options)
{
    private byte[] _scratch = new byte[16 * 1024];
    private int _length;
    private bool _open;
    private bool _damaged;
    private bool _closedByMarker;
    private long _ticks = long.MinValue;
    private Instant _arrivedAt;
    private bool _pendingGap;
    private bool _afterGap;
    private bool _waiting = true;

    /// <summary>True where packets are missing between the frame before and the first packet of this one.</summary>
    protected bool StartsAfterGap { get; private set; }

    /// <summary>True where this frame has the timestamp of one that a marker already ended.</summary>
    protected bool SameTimeAsLast { get; private set; }

    /// <summary>Set for a peer that puts the marker on every slice: frames then end only where the timestamp changes.</summary>
    protected bool IgnoreMarkers { get; set; }

    /// <summary>The bytes gathered so far.</summary>
    protected Span<byte> Gathered => _scratch.AsSpan(0, _length);

    public sealed override void Push(ReadOnlySpan<byte> payload, bool marker, long mediaTicks, bool gapBefore, Instant arrivedAt)
    {
        if (gapBefore)
        {
            _damaged |= _open;
            _pendingGap = _afterGap = true;
        }

        // Bandwidth probes carry only padding; they belong to no frame.
        if (payload.IsEmpty) return;
        if (_open && mediaTicks != _ticks) Close(byMarker: false);
        if (!_open) Open(mediaTicks, arrivedAt);
        _pendingGap = false;
        if (!_damaged && !Accept(payload)) _damaged = true;
        if (marker && !IgnoreMarkers) Close(byMarker: true);
    }

    public sealed override void Restart()
    {
        (_open, _damaged, _length) = (false, false, 0);
        _ticks = long.MinValue;
        _pendingGap = _afterGap = _waiting = true;
        IgnoreMarkers = false;
        Begin();
    }

    /// <summary>A new frame starts.</summary>
    protected abstract void Begin();

    /// <summary>Takes one packet of the frame; false where the frame is spoilt by it.</summary>
    protected abstract bool Accept(ReadOnlySpan<byte> payload);

    /// <summary>The last packet was taken and none is known to be missing.</summary>
    protected abstract FrameVerdict Finish(out bool isKeyframe);

    /// <summary>Bytes to put in front of the frame that is about to be delivered.</summary>
    protected virtual ReadOnlySpan<byte> TakeHead(bool isKeyframe) => default;

    /// <summary>Adds bytes to the frame; false where it would grow over the limit.</summary>
    protected bool Append(ReadOnlySpan<byte> bytes)
    {
        var needed = _length + bytes.Length;
        if (needed > Options.MaxFrameBytes)
        {
            FramesOversize++;
            return false;
        }

        if (needed > _scratch.Length) Array.Resize(ref _scratch, Math.Min(Math.Max(needed, _scratch.Length * 2), Options.MaxFrameBytes));
        bytes.CopyTo(_scratch.AsSpan(_length));
        _length = needed;
        return true;
    }

    /// <summary>Takes back what was appended beyond <paramref name="length"/>.</summary>
    protected void Truncate(int length) => _length = length;

    private void Open(long mediaTicks, Instant arrivedAt)
    {
        SameTimeAsLast = _closedByMarker && mediaTicks == _ticks;
        StartsAfterGap = _pendingGap;
        (_open, _damaged, _length) = (true, false, 0);
        (_ticks, _arrivedAt) = (mediaTicks, arrivedAt);
        Begin();
    }

    private void Close(bool byMarker)
    {
        (_open, _closedByMarker) = (false, byMarker);
        var isKeyframe = false;
        var verdict = _damaged ? FrameVerdict.Broken : Finish(out isKeyframe);
        if (verdict == FrameVerdict.Absorbed)
        {
            // Nothing was shown, so the gap still lies before the next picture.
            _pendingGap |= StartsAfterGap;
            return;
        }

        if (verdict == FrameVerdict.Broken)
        {
            FramesIncomplete++;
            KeyframeWanted = _waiting = _afterGap = true;
            return;
        }

        if (isKeyframe) KeyframeWanted = _waiting = false;
        else if (_waiting || StartsAfterGap) KeyframeWanted = _waiting = true;
        if (_waiting && Options.DropUntilKeyframe)
        {
            FramesWithheld++;
            return;
        }

        Deliver(TakeHead(isKeyframe), Gathered, isKeyframe, _ticks, _arrivedAt, _afterGap);
        _afterGap = false;
    }
}
