using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Push;

/// <summary>A sound file as packets of one codec, 20 ms each.</summary>
internal sealed record SoundClip(string Name, Codec Codec, byte[] Packets, bool Loop)
{
    /// <summary>64 kbit/s in all codecs, Opus at a constant rate.</summary>
    public const int PacketBytes = 160;

    public int Count => Packets.Length / PacketBytes;
}

/// <summary>What replaces the call's sound, if anything. Set by any thread, read by the push's loop.</summary>
internal sealed class PushSound
{
    private readonly Lock _gate = new();
    private SoundClip? _clip;
    private int _position;

    public bool Muted { get; set; }

    /// <summary>The clip that is being sent; null where none is or it has come to its end.</summary>
    public SoundClip? Clip
    {
        get
        {
            lock (_gate) return _clip;
        }

        set
        {
            lock (_gate) (_clip, _position) = (value, 0);
        }
    }

    /// <summary>True where the call's own sound is not to be heard. A file is heard even where the call is muted.</summary>
    public bool Replaces(Codec codec) => Muted || Clip is { } clip && clip.Codec == codec;

    /// <summary>The next packet of the clip; empty where silence is due.</summary>
    public ReadOnlySpan<byte> NextPacket(Codec codec)
    {
        lock (_gate)
        {
            if (_clip is not { } clip || clip.Codec != codec || clip.Count == 0) return default;
            var packet = clip.Packets.AsSpan(_position * SoundClip.PacketBytes, SoundClip.PacketBytes);
            if (++_position < clip.Count) return packet;
            _position = 0;
            if (!clip.Loop) _clip = null;
            return packet;
        }
    }
}
