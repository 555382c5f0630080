using System.Buffers.Binary;

namespace SipStreamApp.Tests.Kit.Media;

/// <content>What a publishing browser sends: VP8 in packets, Opus, resends where it is asked, and what the server says of it.</content>
internal sealed partial class FakeBrowser
{
    public const byte Vp8 = 96, Vp8Rtx = 97, OpusType = 111;
    public const uint VideoSsrc = 0x0B0B_0001, RtxSsrc = 0x0B0B_0002, AudioSsrc = 0x0A0A_0001;
    private const int PayloadBytes = 1000;

    private readonly Dictionary<ushort, byte[]> _sent = [];
    private readonly List<byte[]> _protected = [];
    private readonly Random _line = new(3);
    private ulong _videoIndex = 100, _audioIndex = 7, _rtxIndex = 31000;
    private uint _videoTime = 90_000, _audioTime = 4_000;
    private ushort _transportWide = 65_500;

    /// <summary>Pictures sent, in order, as they were before they were cut.</summary>
    public List<byte[]> SentFrames { get; } = [];

    /// <summary>Protected packets as they went onto the line, lost ones too.</summary>
    public IReadOnlyList<byte[]> SentDatagrams => _protected;

    public int SentLost { get; private set; }

    public int PlisReceived { get; private set; }

    public int NacksReceived { get; private set; }

    public int ReportsReceived { get; private set; }

    /// <summary>Fraction lost in the last report on the picture, 1/256.</summary>
    public byte FractionLost { get; private set; }

    /// <summary>Transport-wide numbers the server has told of, and whether each arrived.</summary>
    public Dictionary<ushort, bool> Arrivals { get; } = [];

    /// <summary>One picture, 33 ms after the one before. <paramref name="order"/>: how its packets are put onto the line.</summary>
    public void SendVideo(bool key = false, int bytes = 3500, Func<List<byte[]>, IEnumerable<byte[]>>? order = null)
    {
        var frame = new byte[bytes];
        lock (_gate)
        {
            _line.NextBytes(frame);
            frame[0] = (byte)(key ? 0x10 : 0x11);
            if (key) ((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01]).CopyTo(frame.AsSpan(3));
            SentFrames.Add(frame);
            _videoTime += 2970;
            List<byte[]> packets = [];
            for (var at = 0; at < bytes; at += PayloadBytes)
            {
                byte[] payload = [(byte)(at == 0 ? 0x10 : 0), .. frame.AsSpan(at, Math.Min(PayloadBytes, bytes - at))];
                _sent[(ushort)_videoIndex] = [(byte)(at + PayloadBytes >= bytes ? 1 : 0), .. payload];
                packets.Add(Protect(Vp8, at + PayloadBytes >= bytes, _videoIndex++, _videoTime, VideoSsrc, payload));
            }

            foreach (var packet in order?.Invoke(packets) ?? packets) SendOrLose(packet);
        }
    }

    /// <summary>20 ms of sound.</summary>
    public byte[] SendAudio()
    {
        lock (_gate)
        {
            _audioTime += 960;
            var payload = new byte[80];
            _line.NextBytes(payload);
            payload[0] = 0x78;
            SendOrLose(Protect(OpusType, marker: false, _audioIndex++, _audioTime, AudioSsrc, payload));
            return payload;
        }
    }

    /// <summary>A sender report that puts the next picture or sound at <paramref name="ntp"/>.</summary>
    public void SendSenderReport(bool video, ulong ntp) => SendRtcp(
    [
        0x80, 200, 0, 6, .. Word(video ? VideoSsrc : AudioSsrc), .. Word((uint)(ntp >> 32)), .. Word((uint)ntp), .. Word(video ? _videoTime + 2970 : _audioTime + 960), .. Word(9), .. Word(9),
    ]);

    private byte[] Protect(byte type, bool marker, ulong index, uint timestamp, uint ssrc, ReadOnlySpan<byte> payload)
    {
        byte[] header = [0x80, (byte)(type | (marker ? 0x80 : 0)), (byte)(index >> 8), (byte)index, .. Word(timestamp), .. Word(ssrc)];
        if (_options.TransportWide)
        {
            header[0] |= 0x10;
            header = [.. header, 0xBE, 0xDE, 0, 1, 0x41, (byte)(_transportWide >> 8), (byte)_transportWide, 0];
            _transportWide++;
        }

        var datagram = new byte[header.Length + payload.Length + 32];
        var length = _sender!.Protect(header, payload, index, datagram);
        _protected.Add(datagram[..length]);
        return datagram[..length];
    }

    private void SendOrLose(byte[] datagram)
    {
        if (_options.SendLoss > 0 && _line.NextDouble() < _options.SendLoss) SentLost++;
        else Send(datagram);
    }

    // Under the gate.
    private void TakeFeedback(ReadOnlySpan<byte> compound)
    {
        while (compound.Length >= 4)
        {
            var length = 4 + 4 * BinaryPrimitives.ReadUInt16BigEndian(compound[2..]);
            var packet = compound[..length];
            compound = compound[length..];
            switch (packet[1], packet[0] & 0x1F)
            {
                case (201, 1) when BinaryPrimitives.ReadUInt32BigEndian(packet[8..]) == VideoSsrc:
                    (ReportsReceived, FractionLost) = (ReportsReceived + 1, packet[12]);
                    break;
                case (206, 1) when BinaryPrimitives.ReadUInt32BigEndian(packet[8..]) == VideoSsrc:
                    PlisReceived++;
                    break;
                case (205, 1) when BinaryPrimitives.ReadUInt32BigEndian(packet[8..]) == VideoSsrc:
                    TakeNack(packet[12..]);
                    break;
                case (205, 15):
                    TakeArrivals(packet[12..]);
                    break;
            }
        }
    }

    private void TakeNack(ReadOnlySpan<byte> control)
    {
        for (; control.Length >= 4; control = control[4..])
        {
            var first = BinaryPrimitives.ReadUInt16BigEndian(control);
            var mask = BinaryPrimitives.ReadUInt16BigEndian(control[2..]);
            SendAgain(first);
            for (var i = 0; i < 16; i++) if ((mask >> i & 1) != 0) SendAgain((ushort)(first + i + 1));
        }
    }

    private void SendAgain(ushort sequence)
    {
        NacksReceived++;
        if (!_options.Resends || !_sent.TryGetValue(sequence, out var kept)) return;
        // Same number, same bytes: what is under the key must be the same packet; by RTX it has numbers of its own.
        var original = _protected.Find(d => (d[1] & 0x7F) == Vp8 && BinaryPrimitives.ReadUInt16BigEndian(d.AsSpan(2)) == sequence)!;
        if (!_options.Rtx) SendOrLose(original);
        else SendOrLose(Protect(Vp8Rtx, kept[0] == 1, _rtxIndex++, BinaryPrimitives.ReadUInt32BigEndian(original.AsSpan(4)), RtxSsrc, [(byte)(sequence >> 8), (byte)sequence, .. kept.AsSpan(1)]));
    }

    private void TakeArrivals(ReadOnlySpan<byte> body)
    {
        var number = BinaryPrimitives.ReadUInt16BigEndian(body);
        var count = BinaryPrimitives.ReadUInt16BigEndian(body[2..]);
        var chunks = body[8..];
        for (var i = 0; i < count;)
        {
            var chunk = BinaryPrimitives.ReadUInt16BigEndian(chunks);
            chunks = chunks[2..];
            var isRun = chunk >> 15 == 0;
            var isWide = (chunk >> 14 & 1) == 1;
            var symbols = isRun ? chunk & 0x1FFF : isWide ? 7 : 14;
            for (var j = 0; j < symbols && i < count; j++, i++)
            {
                var symbol = isRun ? chunk >> 13 & 3 : isWide ? chunk >> 12 - 2 * j & 3 : chunk >> 13 - j & 1;
                Arrivals[number] = symbol != 0 || Arrivals.GetValueOrDefault(number);
                number++;
            }
        }
    }
}
