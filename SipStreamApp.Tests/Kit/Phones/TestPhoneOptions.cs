using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Tests.Kit.Phones;

/// <summary>What the way from the phone does to its packets. Seeded: the same line always loses the same packets.</summary>
internal sealed record PhoneLine
{
    public static readonly PhoneLine Clean = new();

    /// <summary>Share of RTP packets that never arrive.</summary>
    public double Loss { get; init; }

    /// <summary>Share of RTP packets that are held back by <see cref="ReorderBy"/>, so that later ones overtake them.</summary>
    public double Reorder { get; init; }

    public TimeSpan ReorderBy { get; init; } = TimeSpan.FromMilliseconds(12);

    /// <summary>Everything arrives so much later. Timestamps and sender reports are those of the capture: only the way is long.</summary>
    public TimeSpan Delay { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>While true nothing arrives at all: the network is gone.</summary>
    public Func<bool> IsGone { get; init; } = static () => false;
}

/// <summary>How a <see cref="TestPhone"/> behaves.</summary>
internal sealed record TestPhoneOptions
{
    /// <summary>What its camera sees; null: it has none.</summary>
    public PhoneClip? Picture { get; init; } = PhoneClip.Demo;

    /// <summary>What its microphone hears: the payload of packet number n (20 ms each) in that codec.</summary>
    public Func<Codec, long, ReadOnlyMemory<byte>> Sound { get; init; } = PhoneSound.Demo;

    /// <summary>Sound codecs it takes, preferred first; empty: it is mute.</summary>
    public Codec[] SoundCodecs { get; init; } = [Codec.Opus, Codec.Pcmu, Codec.Pcma, Codec.G722];

    public PhoneLine SoundLine { get; init; } = PhoneLine.Clean;

    public PhoneLine PictureLine { get; init; } = PhoneLine.Clean;

    /// <summary>Goes on at the next keyframe of the clip when asked for one.</summary>
    public bool ObeysKeyframeRequests { get; init; } = true;

    /// <summary>The 200 OK leaves so much later than the first packets: signalling often takes the longer way.</summary>
    public TimeSpan AnswersAfter { get; init; }
}
