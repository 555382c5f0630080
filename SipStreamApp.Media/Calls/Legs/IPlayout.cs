using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Legs;

/// <summary>Something that has frames to send in real time. Pure: time is an argument.</summary>
internal interface IPlayout
{
    /// <summary>When the next frame is due.</summary>
    Instant NextDeadline { get; }

    /// <summary>Takes the next frame that is due; the caller owns its lease.</summary>
    bool TryTake(Instant now, out MediaFrame frame);
}
