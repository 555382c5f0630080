using System.Buffers.Binary;
using System.Text;
using SipStreamApp.Media.Srtp;

namespace SipStreamApp.Tests.Kit.Media;

/// <content>RTP and RTCP: what arrived, what is missing, what is asked for.</content>
internal sealed partial class FakeBrowser
{
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly List<ReceivedPacket> _packets = [];
    private readonly List<ReceivedReport> _reports = [];
    private readonly HashSet<uint> _byes = [];
    private readonly Dictionary<uint, ulong> _highest = [];
    private readonly List<byte[]> _early = [];
    private SrtpReceiver? _receiver;

    public IReadOnlyList<ReceivedPacket> Packets
    {
        get
        {
            lock (_gate) return [.. _packets];
        }
    }

    public IReadOnlyList<ReceivedReport> Reports
    {
        get
        {
            lock (_gate) return [.. _reports];
        }
    }

    public int Byes
    {
        get
        {
            lock (_gate) return _byes.Count;
        }
    }

    /// <summary>RTP packets the lossy line swallowed.</summary>
    public int Lost { get; private set; }

    public int NotAuthentic { get; private set; }

    /// <summary>Packets of a payload type in order of their index, resends in their places.</summary>
    public List<ReceivedPacket> Of(byte payloadType) =>
        [.. Packets.Where(p => p.PayloadType == payloadType).DistinctBy(p => p.Index).OrderBy(p => p.Index)];

    public void SendPli(uint ssrc) => SendRtcp([0x81, 206, 0, 2, 0, 0, 0, 1, .. Word(ssrc)]);

    public void SendNack(uint ssrc, ushort sequence, ushort mask = 0) =>
        SendRtcp([0x81, 205, 0, 3, 0, 0, 0, 1, .. Word(ssrc), (byte)(sequence >> 8), (byte)sequence, (byte)(mask >> 8), (byte)mask]);

    /// <summary>A receiver report on one source.</summary>
    public void SendReceiverReport(uint ssrc, byte fractionLost, uint lastReport, uint delay) => SendRtcp(
        [0x81, 201, 0, 7, 0, 0, 0, 1, .. Word(ssrc), fractionLost, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. Word(lastReport), .. Word(delay)]);

    public void SendRtcp(ReadOnlySpan<byte> packet)
    {
        Span<byte> buffer = stackalloc byte[packet.Length + 32];
        lock (_gate)
        {
            var length = _sender!.ProtectRtcp(packet, buffer);
            Send(buffer[..length]);
        }
    }

    private static byte[] Word(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private void OnMedia(Span<byte> datagram)
    {
        lock (_gate)
        {
            if (_receiver is null)
            {
                // The server's Finished and its first packets may be read in one go.
                if (_early.Count < 512) _early.Add(datagram.ToArray());
                return;
            }

            Take(datagram);
        }
    }

    private void TakeEarly(SrtpReceiver receiver)
    {
        lock (_gate)
        {
            _receiver = receiver;
            foreach (var early in _early) Take(early);
        }
    }

    private void Take(Span<byte> datagram)
    {
        if (datagram[1] is >= 192 and <= 223) OnRtcp(datagram);
        else if (_options.Loss > 0 && _random.NextDouble() < _options.Loss) Lost++;
        else OnRtp(datagram);
    }

    private void OnRtp(Span<byte> datagram)
    {
        var status = _receiver!.Unprotect(datagram, out var length, out var index);
        if (status != SrtpStatus.Ok)
        {
            if (status == SrtpStatus.NotAuthentic) NotAuthentic++;
            return;
        }

        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]);
        var (type, payload) = ((byte)(datagram[1] & 127), datagram[12..length].ToArray());
        if (type is 97 or 104)
        {
            // RFC 4588: restored to what it repeats; its own numbering ends here.
            var original = BinaryPrimitives.ReadUInt16BigEndian(payload);
            var media = _packets.Where(p => p.PayloadType == type - 1).MaxBy(p => p.Index)!;
            index = media.Index - (ushort)(media.Index - original);
            (ssrc, type, payload) = (media.Ssrc, media.PayloadType, payload[2..]);
            Restored++;
        }

        _packets.Add(new ReceivedPacket(ssrc, type, index, BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]), datagram[1] >= 128, payload, NowMs));
        if (_options.Nacks) AskForMissing(ssrc, index);
    }

    /// <summary>Packets that came by RTX.</summary>
    public int Restored { get; private set; }

    private void AskForMissing(uint ssrc, ulong index)
    {
        if (!_highest.TryGetValue(ssrc, out var highest)) highest = index - 1;
        for (var missing = highest + 1; missing < index; missing++) SendNack(ssrc, (ushort)missing);
        _highest[ssrc] = Math.Max(highest, index);
        // Resends get lost too: ask again for what still is not there.
        if (index <= highest || index % 16 != 0) return;
        var have = _packets.Where(p => p.Ssrc == ssrc).Select(p => p.Index).ToHashSet();
        for (var i = have.Min(); i < index; i++) if (!have.Contains(i)) SendNack(ssrc, (ushort)i);
    }

    private void OnRtcp(Span<byte> datagram)
    {
        if (_receiver!.UnprotectRtcp(datagram, out var length) != SrtpStatus.Ok)
        {
            NotAuthentic++;
            return;
        }

        var packet = datagram[..length];
        TakeFeedback(packet);
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        if (packet[1] == 200)
        {
            var name = packet.Slice(28 + 10, packet[28 + 9]);
            _reports.Add(new ReceivedReport(ssrc, BinaryPrimitives.ReadUInt64BigEndian(packet[8..]), BinaryPrimitives.ReadUInt32BigEndian(packet[16..]),
                BinaryPrimitives.ReadUInt32BigEndian(packet[20..]), BinaryPrimitives.ReadUInt32BigEndian(packet[24..]), Encoding.ASCII.GetString(name), NowMs));
        }
        else if (length >= 8 && packet[^7] == 203) _byes.Add(ssrc);
    }
}
