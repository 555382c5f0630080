namespace SipStreamApp.Media.WebRtc.Dtls;

/// <summary>A bounded set of threads for handshakes, made when there is work and gone when there is none.</summary>
/// <remarks>Not the thread pool: BouncyCastle blocks, and blocked pool threads would starve the rest of the program.</remarks>
internal sealed class DtlsWorkers(DtlsOptions options) : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<Action> _jobs = new();
    private int _threads;
    private int _idle;
    private bool _stopped;

    /// <summary>Threads that exist now.</summary>
    public int Threads => Volatile.Read(ref _threads);

    /// <summary>True while a job runs or waits.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_gate) return _jobs.Count > 0 || _threads > _idle;
        }
    }

    /// <summary>True while somebody waits for a thread.</summary>
    public bool IsUnderLoad
    {
        get
        {
            lock (_gate) return _jobs.Count > 0 && _idle == 0;
        }
    }

    /// <summary>Runs a job soon. False where too many wait already.</summary>
    public bool TryRun(Action job)
    {
        lock (_gate)
        {
            if (_stopped || _jobs.Count >= options.MaxQueued) return false;
            _jobs.Enqueue(job);
            if (_idle >= _jobs.Count) Monitor.Pulse(_gate);
            else if (_threads < options.Workers) Spawn();
            return true;
        }
    }

    /// <summary>Lets running jobs end by themselves and takes no more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            _jobs.Clear();
            Monitor.PulseAll(_gate);
        }
    }

    private void Spawn()
    {
        _threads++;
        new Thread(Work, 512 * 1024) { IsBackground = true, Name = "dtls" }.Start();
    }

    private void Work()
    {
        while (Next() is { } job) job();
    }

    private Action? Next()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_jobs.TryDequeue(out var job)) return job;
                _idle++;
                var woken = !_stopped && Monitor.Wait(_gate, options.WorkerIdle);
                _idle--;
                if ((woken && !_stopped) || _jobs.Count > 0) continue;
                _threads--;
                return null;
            }
        }
    }
}
