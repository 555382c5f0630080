using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>A whole frame put together from packets. Its bytes are in <see cref="Frame"/>, which waits for its stream time.</summary>
/// <remarks>The one lease on <see cref="Frame"/> passes to whoever takes this: complete and publish it, or release it.</remarks>
/// <param name="Frame">Holds the bytes; not yet completed.</param>
/// <param name="Length">Number of bytes written.</param>
/// <param name="Format">What they are; the same object until parameter sets or the picture size change.</param>
/// <param name="IsKeyframe">True where decoding can start; true for all sound.</param>
/// <param name="MediaTicks">Media time in ticks of the format's clock.</param>
/// <param name="ArrivedAt">When its first packet arrived.</param>
/// <param name="AfterGap">True for the first frame delivered after a loss or a restart.</param>
internal readonly record struct AssembledFrame(
    MediaFrame Frame, int Length, TrackFormat Format, bool IsKeyframe, long MediaTicks, Instant ArrivedAt, bool AfterGap)
{
    /// <summary>Stamps the frame with its place on the stream's time line; it is then ready to be published.</summary>
    public MediaFrame Complete(TimeSpan streamTime)
    {
        Frame.Complete(Format, Length, IsKeyframe, MediaTicks, streamTime, ArrivedAt, AfterGap);
        return Frame;
    }
}
