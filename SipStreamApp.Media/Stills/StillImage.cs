namespace SipStreamApp.Media.Stills;

/// <summary>A still picture of a stream.</summary>
/// <param name="Data">The file: JPEG, where PNG was not asked for.</param>
/// <param name="TakenAt">When its keyframe arrived (UTC).</param>
public sealed record StillImage(ReadOnlyMemory<byte> Data, DateTimeOffset TakenAt);
