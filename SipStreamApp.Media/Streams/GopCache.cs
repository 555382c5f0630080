using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Streams;

/// <summary>
/// Everything since the last keyframe, so that a late viewer starts at once. Holds a lease on each frame; single owner, no lock inside.
/// </summary>
internal sealed class GopCache(int maxFrames, int maxBytes)
{
    private readonly List<MediaFrame> _frames = [];
    private long _bytes;
    private bool _overgrown;

    /// <summary>The frames in order of arrival, the first one a keyframe; empty when there is nothing to start from.</summary>
    public IReadOnlyList<MediaFrame> Frames => _frames;

    /// <summary>Arrival of the keyframe the cache starts with; <see cref="Instant.Never"/> when it is empty.</summary>
    public Instant StartedAt => _frames.Count > 0 ? _frames[0].ArrivedAt : Instant.Never;

    /// <summary>Takes note of a published frame. Sound is kept only behind a picture that can be decoded.</summary>
    public void Add(MediaFrame frame)
    {
        var isVideo = frame.Format.Kind == MediaKind.Video;
        if (isVideo && frame.IsKeyframe) Clear();
        else if (_frames.Count == 0 || _overgrown) return;

        if (_frames.Count >= maxFrames || _bytes + frame.Length > maxBytes)
        {
            // A peer that never sends a keyframe again must not hold memory without bound; late viewers then wait for the keyframe
            // that is asked for when they join.
            Clear();
            _overgrown = true;
            return;
        }

        _frames.Add(frame.Retain());
        _bytes += frame.Length;
    }

    /// <summary>Releases all frames.</summary>
    public void Clear()
    {
        foreach (var frame in _frames) frame.Release();
        _frames.Clear();
        _bytes = 0;
        _overgrown = false;
    }
}
