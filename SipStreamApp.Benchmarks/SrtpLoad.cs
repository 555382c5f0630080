using System.Buffers.Binary;
using System.Diagnostics;
using SipStreamApp.Media.Srtp;

namespace SipStreamApp.Benchmarks;

/// <summary>A sender, a receiver and packets for them. Size is the whole RTP packet with its 12-byte header.</summary>
internal sealed class SrtpLoad : IDisposable
{
    private const int Batch = 64;

    private readonly SrtpSender _sender;
    private readonly SrtpReceiver _receiver;
    private readonly byte[] _packet;
    private readonly byte[][] _slots = new byte[Batch][];
    private ulong _index;

    public SrtpLoad(SrtpProfile profile, int size, SrtpEngine engine)
    {
        var (key, salt) = (new byte[profile.KeyLength], new byte[profile.SaltLength]);
        new Random(1).NextBytes(key);
        new Random(2).NextBytes(salt);
        _sender = new SrtpSender(profile, key, salt, engine);
        _receiver = new SrtpReceiver(profile, key, salt, null, engine);
        _packet = new byte[size];
        new Random(3).NextBytes(_packet);
        _packet[0] = 0x80;
        for (var i = 0; i < Batch; i++) _slots[i] = new byte[size + profile.RtpOverhead];
    }

    /// <summary>From a shared plaintext into a slot.</summary>
    public int Protect()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), (ushort)++_index);
        return _sender.Protect(_packet.AsSpan(0, 12), _packet.AsSpan(12), _index, _slots[_index % Batch]);
    }

    /// <summary>The same, and in place back again.</summary>
    public int RoundTrip()
    {
        Protect();
        if (_receiver.Unprotect(_slots[_index % Batch], out var length) != SrtpStatus.Ok) throw new InvalidOperationException();
        return length;
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    /// <summary>Packets per second each way over about <paramref name="span"/>.</summary>
    public (double Protect, double Unprotect) Rates(TimeSpan span)
    {
        var (protecting, unprotecting, packets) = (0L, 0L, 0L);
        var limit = (long)(span.TotalSeconds * Stopwatch.Frequency);
        while (protecting + unprotecting < limit)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Batch; i++) Protect();
            var middle = Stopwatch.GetTimestamp();
            foreach (var slot in _slots)
                if (_receiver.Unprotect(slot, out _) is SrtpStatus.NotAuthentic or SrtpStatus.Malformed) throw new InvalidOperationException();
            unprotecting += Stopwatch.GetTimestamp() - middle;
            protecting += middle - start;
            packets += Batch;
        }

        return (packets * (double)Stopwatch.Frequency / protecting, packets * (double)Stopwatch.Frequency / unprotecting);
    }
}
