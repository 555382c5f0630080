using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>The smallest value of the last one to two windows, in constant space. For a maximum, feed negated values.</summary>
/// <remarks>Two windows rather than a decay: the result is always a value that was really seen, and clock skew moves it along.</remarks>
internal struct WindowMinimum(TimeSpan window)
{
    private readonly TimeSpan _window = window;
    private Instant _start;
    private long _current = long.MaxValue;
    private long _previous = long.MaxValue;

    public readonly bool HasValue => _current != long.MaxValue || _previous != long.MaxValue;

    public readonly long Value => Math.Min(_current, _previous);

    public void Add(Instant now, long value)
    {
        var age = now - _start;
        if (!HasValue || age >= _window)
        {
            _previous = HasValue && age < 2 * _window ? _current : long.MaxValue;
            _current = long.MaxValue;
            _start = now;
        }

        _current = Math.Min(_current, value);
    }

    public void Clear() => (_current, _previous) = (long.MaxValue, long.MaxValue);
}
