using System.Collections.Concurrent;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Recording;

/// <summary>
/// A thread that writes any number of recordings: ten times a second it empties their subscriptions. A slow disk slows it alone; the hub
/// drops what does not fit and counts it.
/// </summary>
internal sealed class RecordingWorker : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DiskEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<StreamRecording> _new = new();
    private readonly List<StreamRecording> _recordings = [];
    private readonly AutoResetEvent _wake = new(false);
    private readonly RecordingFolder _folder;
    private readonly EngineClock _clock;
    private readonly long _minFree;
    private readonly Action<StreamRecording, Exception?> _over;
    private readonly Thread _thread;
    private Instant _diskAt;
    private int _count;
    private int _started;
    private volatile bool _stopping;

    /// <param name="folder">Whose disk is watched.</param>
    /// <param name="clock">Time.</param>
    /// <param name="minFree">Bytes that must stay free.</param>
    /// <param name="over">Told of each recording that is over, with the defect where there was one.</param>
    public RecordingWorker(RecordingFolder folder, EngineClock clock, long minFree, Action<StreamRecording, Exception?> over)
    {
        (_folder, _clock, _minFree, _over) = (folder, clock, minFree, over);
        _thread = new Thread(Run) { IsBackground = true, Name = "recorder" };
    }

    /// <summary>Recordings it has.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Add(StreamRecording recording)
    {
        Interlocked.Increment(ref _count);
        _new.Enqueue(recording);
        if (Interlocked.Exchange(ref _started, 1) == 0) _thread.Start();
        _wake.Set();
    }

    /// <summary>Looks at once, for a stop that somebody waits for.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Closes all recordings and ends the thread.</summary>
    public void Dispose()
    {
        if (_stopping) return;
        _stopping = true;
        _wake.Set();
        if (_started != 0) _thread.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            if (_recordings.Count == 0) _wake.WaitOne();
            else _wake.WaitOne(Beat);
            TakeNew();
            var now = _clock.Now;
            WatchDisk(now);
            for (var i = _recordings.Count - 1; i >= 0; i--)
                if (!Pump(_recordings[i], now)) Remove(i);
        }

        TakeNew();
        foreach (var recording in _recordings) recording.Stop();
        for (var i = _recordings.Count - 1; i >= 0; i--)
        {
            Pump(_recordings[i], _clock.Now);
            Remove(i);
        }
    }

    private bool Pump(StreamRecording recording, Instant now)
    {
        try
        {
            if (recording.Pump(now)) return true;
            _over(recording, null);
        }
        catch (Exception e)
        {
            // A defect in one recording must not end the others.
            recording.Abandon("An internal error; the log says more");
            _over(recording, e);
        }

        return false;
    }

    private void TakeNew()
    {
        while (_new.TryDequeue(out var recording)) _recordings.Add(recording);
    }

    private void Remove(int index)
    {
        _recordings.RemoveAt(index);
        Interlocked.Decrement(ref _count);
    }

    private void WatchDisk(Instant now)
    {
        if (_recordings.Count == 0 || now - _diskAt < DiskEvery) return;
        _diskAt = now;
        if (!_folder.IsFull(_minFree)) return;
        foreach (var recording in _recordings) recording.Stop(RecordingFolder.DiskFull(_minFree).Title);
    }
}
