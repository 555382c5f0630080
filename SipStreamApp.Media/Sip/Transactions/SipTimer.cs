// Deadlines of everything in the stack, in one binary heap: setting, moving and cancelling cost log n, the next deadline nothing.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

/// <summary>Something with deadlines.</summary>
internal interface ISipTimerOwner
{
    void OnTimer(SipTimer timer, Instant now);
}

/// <summary>One deadline, kept by its owner for its whole life and set again and again.</summary>
internal sealed class SipTimer(ISipTimerOwner owner)
{
    internal int Index = -1;

    public ISipTimerOwner Owner { get; } = owner;

    public Instant Deadline { get; internal set; } = Instant.Never;

    public bool IsSet => Index >= 0;
}

/// <summary>The heap of deadlines.</summary>
internal sealed class SipTimerQueue
{
    private SipTimer[] _heap = new SipTimer[64];

    public int Count { get; private set; }

    public Instant NextDeadline => Count == 0 ? Instant.Never : _heap[0].Deadline;

    public void Set(SipTimer timer, Instant deadline)
    {
        if (timer.Index < 0)
        {
            if (Count == _heap.Length) Array.Resize(ref _heap, Count * 2);
            timer.Index = Count;
            _heap[Count++] = timer;
        }

        timer.Deadline = deadline;
        Up(timer.Index);
        Down(timer.Index);
    }

    public void Cancel(SipTimer timer)
    {
        var i = timer.Index;
        if (i < 0) return;
        timer.Index = -1;
        timer.Deadline = Instant.Never;
        var last = _heap[--Count];
        _heap[Count] = null!;
        if (i == Count) return;
        _heap[i] = last;
        last.Index = i;
        Up(i);
        Down(last.Index);
    }

    /// <summary>Takes the earliest timer that is due; the owner is called by whoever drains.</summary>
    public bool TryTakeDue(Instant now, out SipTimer timer)
    {
        timer = null!;
        if (Count == 0 || _heap[0].Deadline > now) return false;
        timer = _heap[0];
        Cancel(timer);
        return true;
    }

    private void Up(int i)
    {
        while (i > 0)
        {
            var parent = (i - 1) / 2;
            if (_heap[parent].Deadline <= _heap[i].Deadline) return;
            Swap(i, parent);
            i = parent;
        }
    }

    private void Down(int i)
    {
        while (true)
        {
            var child = 2 * i + 1;
            if (child >= Count) return;
            if (child + 1 < Count && _heap[child + 1].Deadline < _heap[child].Deadline) child++;
            if (_heap[i].Deadline <= _heap[child].Deadline) return;
            Swap(i, child);
            i = child;
        }
    }

    private void Swap(int a, int b)
    {
        (_heap[a], _heap[b]) = (_heap[b], _heap[a]);
        _heap[a].Index = a;
        _heap[b].Index = b;
    }
}
