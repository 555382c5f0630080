// H.264 sections 7.3.2.1 and 7.3.2.2: sequence and picture parameter sets by their ids.
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace SipStreamApp.Media.Codecs;

/// <summary>The parameter sets a stream has shown so far, and the same as length-prefixed units to put before a keyframe.</summary>
internal sealed class ParameterSets
{
    /// <summary>Real sets have 10 to 600 bytes; a peer may not have us keep more.</summary>
    public const int MaxSetBytes = 1024;

    private readonly byte[]?[] _sps = new byte[]?[32];
    private readonly byte[]?[] _pps = new byte[]?[256];
    private byte[] _run = [];
    private bool _runIsStale;

    /// <summary>All sets, sequence sets first, each behind its length.</summary>
    public ReadOnlySpan<byte> Run
    {
        get
        {
            if (_runIsStale) BuildRun();
            return _run;
        }
    }

    /// <summary>Remembers a set; <paramref name="changed"/> where it differs from what was known. False where it is malformed.</summary>
    public bool Store(ReadOnlySpan<byte> nal, out bool changed)
    {
        changed = false;
        if (nal.Length is < 2 or > MaxSetBytes) return false;
        var isSps = Nal.TypeOf(nal[0]) == NalType.Sps;
        if (isSps && nal.Length < 5) return false;
        var table = isSps ? _sps : _pps;
        // A sequence set has profile, constraints and level before its id.
        var bits = new BitReader(nal[(isSps ? 4 : 1)..]);
        var id = bits.Ue();
        if (bits.Failed) return false;
        if (id >= table.Length) return false;
        if (nal.SequenceEqual(table[id])) return true;
        table[id] = nal.ToArray();
        changed = _runIsStale = true;
        return true;
    }

    /// <summary>The sets a slice refers to; false where one of them was never seen.</summary>
    public bool TryResolve(int ppsId, out ImmutableArray<byte> sps, out ImmutableArray<byte> pps)
    {
        sps = pps = [];
        if ((uint)ppsId >= (uint)_pps.Length || _pps[ppsId] is not { } picture) return false;
        var bits = new BitReader(picture.AsSpan(1));
        bits.Ue();
        var spsId = bits.Ue();
        if (bits.Failed || spsId >= _sps.Length || _sps[spsId] is not { } sequence) return false;
        // The arrays are never written again, so they may be shared as immutable ones.
        sps = ImmutableCollectionsMarshal.AsImmutableArray(sequence);
        pps = ImmutableCollectionsMarshal.AsImmutableArray(picture);
        return true;
    }

    private void BuildRun()
    {
        var length = 0;
        foreach (var set in _sps) length += set is null ? 0 : Nal.PrefixLength + set.Length;
        foreach (var set in _pps) length += set is null ? 0 : Nal.PrefixLength + set.Length;
        _run = new byte[length];
        var at = 0;
        foreach (var set in _sps) Put(set, ref at);
        foreach (var set in _pps) Put(set, ref at);
        _runIsStale = false;
    }

    private void Put(byte[]? set, ref int at)
    {
        if (set is null) return;
        BinaryPrimitives.WriteInt32BigEndian(_run.AsSpan(at), set.Length);
        set.CopyTo(_run, at + Nal.PrefixLength);
        at += Nal.PrefixLength + set.Length;
    }
}
