namespace SipStreamApp.Media.Stills;

/// <summary>A still picture of a stream.</summary>
/// <param name="Jpeg">The file.</param>
/// <param name="TakenAt">When its keyframe arrived (UTC).</param>
public sealed record StillImage(ReadOnlyMemory<byte> Jpeg, DateTimeOffset TakenAt);
