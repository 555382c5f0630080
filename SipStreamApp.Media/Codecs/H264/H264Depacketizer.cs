// RFC 6184 sections 5.6 (single NAL unit), 5.7.1 (STAP-A) and 5.8 (FU-A).
//
//  STAP-A  | indicator 24 | size (16) | NAL unit | size (16) | NAL unit | ...
//  FU-A    | indicator 28 |S|E|R| type | part of a NAL unit without its header byte
using System.Buffers.Binary;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>Puts H.264 access units together. Parameter sets are taken out, remembered, and put before every keyframe.</summary>
internal sealed class H264Depacketizer : VideoDepacketizer
{
    private readonly ParameterSets _sets = new();
    private int _unitStart = -1;
    private bool _setsChanged;
    private bool _spsSinceFrame;
    private bool _ppsSinceFrame;
    private bool _keyframesBringSets;
    private int _slices;
    private int _ppsId;
    private bool _hasIdr;
    private bool _allIntra;

    public H264Depacketizer(TrackFormat format, MediaFramePool pool, DepacketizerOptions options) : base(format, pool, options)
    {
        if (!format.Sps.IsDefaultOrEmpty) _sets.Store(format.Sps.AsSpan(), out _);
        if (!format.Pps.IsDefaultOrEmpty) _sets.Store(format.Pps.AsSpan(), out _);
        if (!format.Sps.IsDefaultOrEmpty) Format = H264Format.Describe(format, format.Sps, format.Pps);
    }

    protected override void Begin()
    {
        _unitStart = -1;
        (_slices, _ppsId, _hasIdr, _allIntra) = (0, 0, false, true);
    }

    protected override bool Accept(ReadOnlySpan<byte> payload)
    {
        switch (Nal.TypeOf(payload[0]))
        {
            case NalType.FuA:
                return AcceptFragment(payload);
            case NalType.StapA:
                return _unitStart < 0 && AcceptAggregate(payload[1..]);
            case >= NalType.Slice and < NalType.StapA:
                return _unitStart < 0 && AcceptUnit(payload);
            case NalType.StapB or NalType.Mtap16 or NalType.Mtap24 or NalType.FuB:
                // Interleaved mode is never offered: its decoding order cannot be told from sequence numbers.
                PacketsRefused++;
                return false;
            default:
                // RFC 6184 section 5.2: undefined types are ignored.
                PacketsRefused++;
                return true;
        }
    }

    protected override FrameVerdict Finish(out bool isKeyframe)
    {
        isKeyframe = _hasIdr || (_slices > 0 && _allIntra && _spsSinceFrame);
        if (_unitStart >= 0) return FrameVerdict.Broken;
        if (_slices == 0) return FrameVerdict.Absorbed;
        var bringsSets = _spsSinceFrame && _ppsSinceFrame;
        _spsSinceFrame = _ppsSinceFrame = false;
        if (!isKeyframe) return FrameVerdict.Complete;
        // A peer that sends its sets with every keyframe may have changed them in the packet that was lost.
        if (StartsAfterGap && _keyframesBringSets && !bringsSets) return FrameVerdict.Broken;
        _keyframesBringSets = bringsSets;
        if (!_sets.TryResolve(_ppsId, out var sps, out var pps)) return FrameVerdict.Broken;
        if (!sps.AsSpan().SequenceEqual(Format.Sps.AsSpan()) || !pps.AsSpan().SequenceEqual(Format.Pps.AsSpan()))
            Format = H264Format.Describe(Format, sps, pps);
        return FrameVerdict.Complete;
    }

    protected override ReadOnlySpan<byte> TakeHead(bool isKeyframe)
    {
        if (!isKeyframe && !_setsChanged) return default;
        _setsChanged = false;
        return _sets.Run;
    }

    private bool AcceptAggregate(ReadOnlySpan<byte> rest)
    {
        while (rest.Length > 0)
        {
            if (rest.Length < 2) return false;
            var size = BinaryPrimitives.ReadUInt16BigEndian(rest);
            if (size == 0 || size > rest.Length - 2) return false;
            if (!AcceptUnit(rest.Slice(2, size))) return false;
            rest = rest[(2 + size)..];
        }

        return true;
    }

    private bool AcceptFragment(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 3) return false;
        var (indicator, header) = (payload[0], payload[1]);
        var (start, end) = ((header & 0x80) != 0, (header & 0x40) != 0);
        if (start != _unitStart < 0) return false;
        var nalHeader = (byte)((indicator & 0xE0) | (header & 0x1F));
        if (start)
        {
            var at = Gathered.Length;
            if (!Append([0, 0, 0, 0, nalHeader])) return false;
            _unitStart = at;
        }
        else if (((Gathered[_unitStart + Nal.PrefixLength] ^ nalHeader) & 0x1F) != 0)
        {
            return false;
        }

        if (!Append(payload[2..])) return false;
        return !end || EndUnit();
    }

    private bool AcceptUnit(ReadOnlySpan<byte> nal)
    {
        _unitStart = Gathered.Length;
        return Append([0, 0, 0, 0]) && Append(nal) && EndUnit();
    }

    private bool EndUnit()
    {
        var start = _unitStart;
        _unitStart = -1;
        var nal = Gathered[(start + Nal.PrefixLength)..];
        var type = Nal.TypeOf(nal[0]);
        if ((nal[0] & 0x80) != 0 || type is NalType.Unspecified or >= NalType.StapA) return false;
        if (type is NalType.Sps or NalType.Pps)
        {
            var known = StoreSet(nal, type);
            Truncate(start);
            return known;
        }

        if (Nal.IsDispensable(type))
        {
            Truncate(start);
            return true;
        }

        BinaryPrimitives.WriteInt32BigEndian(Gathered[start..], nal.Length);
        return type is not (NalType.Slice or NalType.PartitionA or NalType.Idr) || NoteSlice(nal, type);
    }

    private bool StoreSet(ReadOnlySpan<byte> nal, NalType type)
    {
        if (!_sets.Store(nal, out var changed)) return false;
        _setsChanged |= changed;
        if (type == NalType.Sps) _spsSinceFrame = true;
        else _ppsSinceFrame = true;
        return true;
    }

    private bool NoteSlice(ReadOnlySpan<byte> nal, NalType type)
    {
        if (!SliceHeader.TryParse(nal, out var slice)) return false;
        if (_slices++ == 0)
        {
            _ppsId = slice.PpsId;
            if (slice.FirstMacroblock != 0 && SameTimeAsLast && !StartsAfterGap)
            {
                // The marker ended a frame that goes on: this peer sets it on every slice.
                IgnoreMarkers = true;
                return false;
            }

            if (slice.FirstMacroblock != 0 && StartsAfterGap) return false;
        }

        _hasIdr |= type == NalType.Idr;
        _allIntra &= slice.IsIntra;
        return true;
    }
}
