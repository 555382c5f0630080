using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using SipStreamApp.Media.Sdp;
using SipStreamApp.Tests.Kit.Media;

namespace SipStreamApp.Tests.Kit.Phones;

/// <summary>The packets a phone got on one m-line, and what they say. Filled on the phone's loop, read from anywhere.</summary>
internal sealed class HeardRtp
{
    private const int Most = 20_000;

    private readonly Lock _gate = new();
    private readonly List<(byte Type, ushort Sequence, uint Timestamp, bool Marker, byte[] Payload)> _packets = [];
    private readonly Dictionary<byte, TrackFormat> _formats = [];
    private readonly HashSet<byte> _events = [];

    /// <summary>Packets so far: a mark to listen from.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _packets.Count;
        }
    }

    /// <summary>Learns what the payload types mean; those of earlier agreements still count.</summary>
    public void Expect(NegotiatedMedia media)
    {
        lock (_gate)
        {
            foreach (var mapping in media.Receive) _formats[mapping.PayloadType.Value] = mapping.Format;
            foreach (var mapping in media.TelephoneEvents) _events.Add(mapping.PayloadType.Value);
        }
    }

    public void Take(ReadOnlySpan<byte> datagram)
    {
        if (!RtpPacket.TryParse(datagram, out var packet)) return;
        lock (_gate)
            if (_packets.Count < Most)
                _packets.Add((packet.PayloadType.Value, packet.SequenceNumber, packet.Timestamp, packet.Marker, packet.Payload.ToArray()));
    }

    /// <summary>The G.711 sound from packet number <paramref name="from"/> on, in order of arrival, pauses left out.</summary>
    public short[] Pcm(int from = 0)
    {
        var sound = new List<short>();
        lock (_gate)
        {
            foreach (var packet in _packets.Skip(from))
            {
                if (!_formats.TryGetValue(packet.Type, out var format) || format.Codec is not (Codec.Pcma or Codec.Pcmu)) continue;
                var samples = new short[packet.Payload.Length];
                _ = format.Codec == Codec.Pcma ? G711.DecodeA(packet.Payload, samples) : G711.DecodeMu(packet.Payload, samples);
                sound.AddRange(samples);
            }
        }

        return [.. sound];
    }

    /// <summary>True where a tone fills a fifth of a second after that packet.</summary>
    public bool Hears(double hertz, int from)
    {
        var sound = Pcm(from);
        for (var at = 0; at + 1600 <= sound.Length; at += 400) if (Goertzel.Hears(sound.AsSpan(at, 1600), 8000, hertz)) return true;
        return false;
    }

    /// <summary>Codecs of the packets from that one on, in order, each once.</summary>
    public IReadOnlyList<Codec> Codecs(int from)
    {
        lock (_gate) return [.. _packets.Skip(from).Where(p => _formats.ContainsKey(p.Type)).Select(p => _formats[p.Type].Codec).Distinct()];
    }

    /// <summary>The keys that were pressed (RFC 4733).</summary>
    public string Keys()
    {
        var (receiver, keys) = (new TelephoneEventReceiver(), "");
        lock (_gate)
        {
            foreach (var packet in _packets.Where(p => _events.Contains(p.Type)))
            {
                receiver.Push(packet.Payload, packet.Timestamp);
                while (receiver.TryTake(out var key)) keys += key;
            }
        }

        return keys;
    }

    /// <summary>The pictures, as the sender had them: whole access units.</summary>
    public List<byte[]> Pictures(int from = 0)
    {
        var (pictures, frames) = (new List<byte[]>(), new MediaFramePool());
        lock (_gate)
        {
            var depacketizer = Depacketizer.Create(TrackFormat.Default(Codec.H264), frames);
            foreach (var packet in _packets.Skip(from))
            {
                depacketizer.Push(packet.Payload, packet.Marker, packet.Timestamp, gapBefore: false, Instant.Zero);
                while (depacketizer.TryTake(out var assembled))
                {
                    var picture = assembled.Complete(TimeSpan.Zero);
                    pictures.Add(picture.Data.ToArray());
                    picture.Release();
                }
            }
        }

        return pictures;
    }

    /// <summary>What is wrong with the order of the line: a number left out, or a time that goes back. Empty where it is whole.</summary>
    public string Flaws()
    {
        lock (_gate)
        {
            for (var i = 1; i < _packets.Count; i++)
            {
                var (before, packet) = (_packets[i - 1], _packets[i]);
                if (packet.Sequence != (ushort)(before.Sequence + 1)) return $"{i}: number {before.Sequence} and then {packet.Sequence}";
                if ((int)(packet.Timestamp - before.Timestamp) < 0) return $"{i}: time {before.Timestamp} and then {packet.Timestamp} (type {before.Type}, {packet.Type})";
            }
        }

        return "";
    }
}
