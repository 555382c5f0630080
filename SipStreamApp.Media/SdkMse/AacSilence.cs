using SipStreamApp.Media.Codecs;

namespace SipStreamApp.Media.SdkMse;

/// <summary>A frame of AAC-LC at 48 kHz without sound (ISO/IEC 14496-3: one channel element with no spectral data).</summary>
internal static class AacSilence
{
    /// <summary>How long a frame lasts.</summary>
    public static TimeSpan Duration { get; } = TimeSpan.FromSeconds((double)AacFormat.FrameSamples / AacFormat.Rate);

    public static ReadOnlySpan<byte> Frame(int channels) => channels > 1 ? [0x21, 0x10, 0x04, 0x60, 0x8C, 0x1C] : [0x01, 0x18, 0x20, 0x07];
}
