namespace SipStreamApp.Media.Calls.Trace;

/// <summary>How much a log may hold. The beginning stays for ever, what is beyond it in a tail that moves on: beginning and end say most.</summary>
/// <param name="Head">Entries at the beginning.</param>
/// <param name="Tail">Entries at the end.</param>
/// <param name="HeadWeight">Bytes at the beginning.</param>
/// <param name="TailWeight">Bytes at the end.</param>
internal readonly record struct LogBounds(int Head, int Tail, int HeadWeight, int TailWeight);

/// <summary>A log with two bounds, written and read by any thread. What fell out of the middle is counted.</summary>
internal sealed class BoundedLog<T>(LogBounds bounds)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly List<T> _head = [];
    private readonly Queue<(T Item, int Number, int Weight)> _tail = [];
    private int _headWeight;
    private int _tailWeight;
    private bool _headFull;
    private int _next;

    /// <summary>Entries that fell out.</summary>
    public int Cut { get; private set; }

    /// <summary>Adds what <paramref name="make"/> makes of its number.</summary>
    public void Add(int weight, Func<int, T> make)
    {
        lock (_gate)
        {
            var item = make(_next);
            _headFull |= _head.Count >= bounds.Head || _headWeight + weight > bounds.HeadWeight;
            if (!_headFull)
            {
                _head.Add(item);
                _headWeight += weight;
            }
            else
            {
                _tail.Enqueue((item, _next, weight));
                _tailWeight += weight;
                while (_tail.Count > bounds.Tail || (_tailWeight > bounds.TailWeight && _tail.Count > 0))
                {
                    _tailWeight -= _tail.Dequeue().Weight;
                    Cut++;
                }
            }

            _next++;
        }
    }

    /// <summary>Entries from a number on; the first one that can still change nothing any more is <paramref name="next"/>.</summary>
    /// <param name="number">The first number wanted.</param>
    /// <param name="next">What to ask for the next time.</param>
    /// <param name="settledOnly">Without the tail, which may yet fall out.</param>
    public List<T> From(int number, out int next, bool settledOnly = false)
    {
        lock (_gate)
        {
            List<T> found = number < _head.Count ? _head[number..] : [];
            if (!settledOnly) found.AddRange(_tail.Where(t => t.Number >= number).Select(t => t.Item));
            next = settledOnly ? Math.Max(number, _head.Count) : _next;
            return found;
        }
    }

    /// <summary>The newest entry of that sort, or null. Looks at the last <paramref name="depth"/> only.</summary>
    public T? Last(Func<T, bool> match, int depth)
    {
        lock (_gate)
        {
            return _tail.Reverse().Select(t => t.Item).Concat(Enumerable.Reverse(_head)).Take(depth).FirstOrDefault(match);
        }
    }
}
