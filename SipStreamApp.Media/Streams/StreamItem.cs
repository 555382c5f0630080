using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Streams;

/// <summary>One frame as a subscriber reads it. The reader owns one lease and releases it.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Replayed">True for frames of the GOP cache, older than the moment of subscribing: to be decoded, not waited for.</param>
/// <param name="AfterSkip">True for the first frame after frames were dropped because this reader was too slow.</param>
internal readonly record struct StreamItem(MediaFrame Frame, bool Replayed, bool AfterSkip);
