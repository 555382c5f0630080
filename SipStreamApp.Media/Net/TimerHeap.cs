using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>Timers by deadline: a 4-ary min-heap that knows each timer's place, so moving one is O(log n) without search or allocation.</summary>
internal sealed class TimerHeap
{
    private const int Arity = 4;

    // The key is kept beside the reference: sifting compares without touching the timer objects.
    private (long Ticks, LoopTimer Timer)[] _heap = new (long, LoopTimer)[64];

    public int Count { get; private set; }

    public Instant Earliest => Count == 0 ? Instant.Never : new Instant(_heap[0].Ticks);

    public void Set(LoopTimer timer)
    {
        var ticks = timer.Deadline.Ticks;
        var index = timer.Index;
        if (index < 0)
        {
            if (Count == _heap.Length) Array.Resize(ref _heap, Count * 2);
            index = Count++;
            Up(index, (ticks, timer));
        }
        else if (ticks < _heap[index].Ticks) Up(index, (ticks, timer));
        else Down(index, (ticks, timer));
    }

    public void Remove(LoopTimer timer)
    {
        var index = timer.Index;
        if (index < 0) return;
        timer.Index = -1;
        var last = _heap[--Count];
        _heap[Count] = default;
        if (index == Count) return;
        if (last.Ticks < _heap[index].Ticks) Up(index, last);
        else Down(index, last);
    }

    /// <summary>Takes the earliest timer if it is due.</summary>
    public LoopTimer? TakeDue(Instant now)
    {
        if (Count == 0 || _heap[0].Ticks > now.Ticks) return null;
        var timer = _heap[0].Timer;
        Remove(timer);
        timer.Cleared();
        return timer;
    }

    private void Up(int index, (long Ticks, LoopTimer Timer) entry)
    {
        while (index > 0)
        {
            var parent = (index - 1) / Arity;
            if (_heap[parent].Ticks <= entry.Ticks) break;
            Place(index, _heap[parent]);
            index = parent;
        }

        Place(index, entry);
    }

    private void Down(int index, (long Ticks, LoopTimer Timer) entry)
    {
        while (true)
        {
            var first = index * Arity + 1;
            if (first >= Count) break;
            var least = first;
            var end = Math.Min(first + Arity, Count);
            for (var child = first + 1; child < end; child++)
                if (_heap[child].Ticks < _heap[least].Ticks) least = child;
            if (_heap[least].Ticks >= entry.Ticks) break;
            Place(index, _heap[least]);
            index = least;
        }

        Place(index, entry);
    }

    private void Place(int index, (long Ticks, LoopTimer Timer) entry)
    {
        _heap[index] = entry;
        entry.Timer.Index = index;
    }
}
