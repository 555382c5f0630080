using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>
/// One thread that owns a set of UDP sockets, their timers, and all state of the objects that live on it. Handlers need no locks:
/// whatever another thread wants of them comes in through <see cref="Post(Action)"/> or a <see cref="LoopSignal"/>.
/// </summary>
internal sealed partial class NetLoop : IDisposable, IAsyncDisposable
{
    private readonly EngineClock _clock;
    private readonly NetLoopOptions _options;
    private readonly ILogger _logger;
    private readonly LoopPoller _poller;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<LoopWork> _work = new();
    private readonly HashSet<UdpPort> _ports = [];
    private readonly SendBatch _batch = new();

    private LoopSignal? _rung;
    private int _ownerThread;
    private int _sleeping;
    private int _started;
    private volatile bool _stopping;
    private volatile bool _hasEnded;
    private long _nowTicks;

    public NetLoop(string name, EngineClock clock, NetLoopOptions options, ILogger logger)
    {
        (Name, _clock, _options, _logger) = (name, clock, options, logger);
        _poller = options.Backend == NetBackend.Auto && EpollPoller.IsSupported ? new EpollPoller(options) : new SelectPoller();
        _nowTicks = clock.Now.Ticks;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    public string Name { get; }

    /// <summary>The time of the current wake-up: read once, the same for all that happens in it.</summary>
    public Instant Now => new(Volatile.Read(ref _nowTicks));

    /// <summary>True on the thread that owns everything here.</summary>
    public bool IsLoopThread => Environment.CurrentManagedThreadId == _ownerThread;

    /// <summary>Which system calls it runs on, for the log and the status page.</summary>
    public string Backend => _poller.Name;

    /// <summary>Completes when the thread has ended and its sockets are closed.</summary>
    public Task Completion => _ended.Task;

    /// <summary>The time at this moment, from any thread; handlers use <see cref="Now"/>.</summary>
    public Instant ReadClock() => _clock.Now;

    /// <summary>Cancelled when the loop ends: stream connections, which live outside its thread, hang on it.</summary>
    internal CancellationToken Ending => _ending.Token;

    internal TimerHeap Timers { get; } = new();

    internal UdpTally Tally { get; } = new();

    /// <summary>Starts the thread. Ports, timers and work made before are served from then on.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _started, 1) != 0) throw new InvalidOperationException("The loop was already started.");
        _ownerThread = _thread.ManagedThreadId;
        _thread.Start();
    }

    /// <summary>Runs the work on the loop's thread, in the order of posting, in a later turn. Dropped if the loop has ended.</summary>
    public void Post(Action work) => Enqueue(LoopWork.From(work));

    /// <summary>As <see cref="Post(Action)"/>; with a static lambda and a reference as state nothing is allocated.</summary>
    public void Post<TState>(Action<TState> work, TState state) => Enqueue(LoopWork.From(work, state));

    /// <summary>Runs the work on the loop's thread (at once, if this is it) and hands back what it returned or threw.</summary>
    public Task<T> InvokeAsync<T>(Func<T> work)
    {
        var invocation = new LoopInvocation<T>(work);
        if (IsLoopThread) invocation.Run();
        else Enqueue(new LoopWork(invocation, null, static (w, _) => ((LoopInvocation<T>)w).Run()));
        return invocation.Task;
    }

    /// <summary>How long work posted now waits for its turn; null where it does not get one within <paramref name="patience"/>.</summary>
    public async Task<TimeSpan?> LagAsync(TimeSpan patience)
    {
        var start = ReadClock();
        try
        {
            return await InvokeAsync(ReadClock).WaitAsync(patience) - start;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            return null; // It hangs, or it has ended.
        }
    }

    /// <summary>A doorbell that any thread may ring.</summary>
    public LoopSignal CreateSignal(Action onSignalled) => new(this, onSignalled);

    /// <summary>A deadline; make it once per object and set it as often as wanted.</summary>
    public LoopTimer CreateTimer(Action<Instant> callback) => new(this, callback);

    /// <summary>Binds a UDP socket (from any thread); its handler is called from the next turn on.</summary>
    public bool TryBind(IPEndPoint local, IDatagramHandler handler, UdpPortOptions options,
        [NotNullWhen(true)] out UdpPort? port, [NotNullWhen(false)] out Failure? failure)
    {
        port = null;
        if (!UdpSocket.TryOpen(local, options, out var socket, out failure)) return false;
        port = _poller.CreatePort(this, socket, handler, options);
        if (IsLoopThread) Attach(port);
        else Post(static p => p.Loop.Attach(p), port);
        return true;
    }

    public NetLoopCounters Snapshot() => new(
        Volatile.Read(ref _wakeups), Volatile.Read(ref _workRun), Volatile.Read(ref _signalsRun), Volatile.Read(ref _timersFired),
        Volatile.Read(ref _faults), Volatile.Read(ref _wakeCalls), Volatile.Read(ref _openPorts), Tally.Snapshot());

    /// <summary>Ends the loop: work posted before is still run, then ports are closed. Waits for the thread unless called on it.</summary>
    public void Dispose()
    {
        Stop();
        if (_ownerThread != 0 && !IsLoopThread) _thread.Join();
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        Stop();
        if (!IsLoopThread) await _ended.Task;
    }

    internal void RequireLoopThread()
    {
        if (_ownerThread != 0 && !IsLoopThread)
            throw new InvalidOperationException($"Only the thread of loop '{Name}' may do this; use Post.");
    }

    internal SendBatch Batch => _batch;

    /// <summary>The thread is gone: there is nobody left to post to, and nobody to collide with.</summary>
    internal bool HasEnded => _hasEnded;

    internal void Detach(UdpPort port)
    {
        if (_hasEnded || !_ports.Remove(port)) return;
        _openPorts = _ports.Count;
        _poller.Remove(port);
    }

    internal void Ring(LoopSignal signal)
    {
        var head = Volatile.Read(ref _rung);
        while (true)
        {
            signal.Next = head;
            var seen = Interlocked.CompareExchange(ref _rung, signal, head);
            if (ReferenceEquals(seen, head)) break;
            head = seen;
        }

        WakeIfAsleep();
    }

    private void Attach(UdpPort port)
    {
        if (port.IsClosed) return;
        _ports.Add(port);
        _openPorts = _ports.Count;
        _poller.Add(port);
    }

    private void Enqueue(in LoopWork work)
    {
        _work.Enqueue(work);
        WakeIfAsleep();
        // The loop may have ended between its last look and ours: nobody would run it any more.
        if (_hasEnded) AbandonWork();
    }

    private void AbandonWork()
    {
        while (_work.TryDequeue(out var left)) left.Abandon();
    }

    // The loop says that it is about to sleep and only then looks once more for work; we leave work and only then look whether it
    // sleeps. Both with full fences, so one of the two sees the other; a busy loop costs its callers no system call.
    private void WakeIfAsleep()
    {
        if (Interlocked.Exchange(ref _sleeping, 0) == 0) return;
        Interlocked.Increment(ref _wakeCalls);
        _poller.Wake();
    }

    private void Stop()
    {
        _stopping = true;
        if (Interlocked.CompareExchange(ref _started, 1, 0) == 0) End();
        else WakeIfAsleep();
    }
}
