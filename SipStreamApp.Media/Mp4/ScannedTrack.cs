namespace SipStreamApp.Media.Mp4;

/// <summary>A track as found in a file.</summary>
/// <param name="Id">track_ID.</param>
/// <param name="IsVideo">True for picture.</param>
/// <param name="SampleEntry">Type of its sample entry: "avc1", "Opus", "ulaw".</param>
/// <param name="Timescale">Ticks per second.</param>
internal sealed record ScannedTrack(int Id, bool IsVideo, string SampleEntry, int Timescale)
{
    /// <summary>Samples in whole fragments.</summary>
    public long Samples { get; init; }

    /// <summary>Decode time of the first one, in ticks.</summary>
    public long StartTicks { get; init; }

    /// <summary>End of the last one, in ticks.</summary>
    public long EndTicks { get; init; }

    /// <summary>Decode time of the first sample.</summary>
    public TimeSpan Start => TrackTimeline.ToTime(StartTicks, Timescale);

    /// <summary>End of the last sample.</summary>
    public TimeSpan End => TrackTimeline.ToTime(EndTicks, Timescale);
}
