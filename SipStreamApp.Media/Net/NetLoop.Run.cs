using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <content>The turn of the loop: sleep, read the clock, work, signals, sockets, timers, flush.</content>
internal sealed partial class NetLoop
{
    private static readonly TimeSpan MaxSleep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FaultLogInterval = TimeSpan.FromSeconds(1);

    private long _wakeups, _workRun, _signalsRun, _timersFired, _faults, _wakeCalls;
    private int _openPorts;
    private long _faultsLogged;
    private Instant _nextFaultLog = Instant.Zero;

    /// <summary>An exception left a handler: a bug there, but the other calls on this loop live on.</summary>
    internal void Fault(Exception exception, string where)
    {
        _faults++;
        // A hostile peer may be able to cause one per packet; the log must not become the damage.
        if (Now < _nextFaultLog) return;
        Log.HandlerFault(_logger, exception, Name, where, _faults - _faultsLogged);
        _faultsLogged = _faults;
        _nextFaultLog = Now + FaultLogInterval;
    }

    private void Run()
    {
        try
        {
            while (!_stopping) Turn();
            RunWork(int.MaxValue);
            AnswerSignals();
            _batch.Flush();
        }
        catch (Exception e)
        {
            Log.LoopFailed(_logger, e, Name);
        }
        finally
        {
            End();
        }
    }

    private void Turn()
    {
        _poller.Wait(Sleep());
        Volatile.Write(ref _sleeping, 0);
        Volatile.Write(ref _nowTicks, _clock.Now.Ticks);
        _wakeups++;
        RunWork(_options.WorkPerWakeup);
        AnswerSignals();
        foreach (var port in _poller.Ready)
            if (!port.IsClosed) port.Receive(Now);
        FireTimers();
        _batch.Flush();
    }

    /// <summary>Milliseconds to sleep: 0 with work waiting, -1 for ever.</summary>
    private int Sleep()
    {
        var due = Timers.Earliest;
        // Read again: what the handlers did in this turn took time too.
        var left = due == Instant.Never ? MaxSleep : due - _clock.Now;
        if (left <= TimeSpan.Zero) return 0;
        Interlocked.Exchange(ref _sleeping, 1);
        if (!_work.IsEmpty || Volatile.Read(ref _rung) is not null || _stopping)
        {
            Volatile.Write(ref _sleeping, 0);
            return 0;
        }

        // Rounded up: a timer may be late by a millisecond, never early, and the loop never spins towards a deadline.
        return left >= MaxSleep ? -1 : (int)((left.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);
    }

    private void RunWork(int limit)
    {
        for (var i = 0; i < limit && _work.TryDequeue(out var work); i++)
        {
            _workRun++;
            try
            {
                work.Run();
            }
            catch (Exception e)
            {
                Fault(e, "posted work");
            }
        }
    }

    private void AnswerSignals()
    {
        var signal = Reverse(Interlocked.Exchange(ref _rung, null));
        while (signal is not null)
        {
            var next = signal.Next;
            signal.Next = null;
            _signalsRun++;
            try
            {
                signal.Answer();
            }
            catch (Exception e)
            {
                Fault(e, "signal");
            }

            signal = next;
        }
    }

    // The list is a stack; answered in the order of ringing, so that a busy signal cannot keep an earlier one waiting.
    private static LoopSignal? Reverse(LoopSignal? head)
    {
        LoopSignal? reversed = null;
        while (head is not null)
        {
            var next = head.Next;
            head.Next = reversed;
            reversed = head;
            head = next;
        }

        return reversed;
    }

    private void FireTimers()
    {
        // At most as many as are set now: a callback that sets itself into the past waits for the next turn.
        for (var left = Timers.Count; left > 0 && Timers.TakeDue(Now) is { } timer; left--)
        {
            _timersFired++;
            try
            {
                timer.Callback(Now);
            }
            catch (Exception e)
            {
                Fault(e, "timer");
            }
        }
    }

    private void End()
    {
        foreach (var port in _ports.ToArray()) port.Dispose();
        _hasEnded = true;
        // Said before looking for leftovers, as those who post leave work before they look whether we ended: one of the two sees the other.
        Interlocked.MemoryBarrier();
        AbandonWork();
        _poller.Dispose();
        _ending.Cancel();
        _ended.TrySetResult();
    }

    private static partial class Log
    {
        [LoggerMessage(3000, LogLevel.Error, "Network loop {Loop}: {Where} threw ({Count} since the last such line)")]
        public static partial void HandlerFault(ILogger logger, Exception exception, string loop, string where, long count);

        [LoggerMessage(3001, LogLevel.Critical, "Network loop {Loop} failed and has ended")]
        public static partial void LoopFailed(ILogger logger, Exception exception, string loop);
    }
}
