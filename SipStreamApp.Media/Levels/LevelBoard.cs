using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Levels;

/// <summary>
/// Levels of the streams somebody looks at, ten times a second, measured once however many look. Where nobody looks nothing is subscribed,
/// nothing decoded and no timer runs.
/// </summary>
internal sealed partial class LevelBoard(StreamHub hub, EngineClock clock, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Streams whose sound needs a child to decode (Opus) and that are measured at once; further ones have no level.</summary>
    public const int MostDerived = 8;

    /// <summary>Time between two levels.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Dictionary<StreamName, StreamLevel> _streams = [];
    private TaskCompletionSource _tick = NewTick();
    private ITimer? _timer;

    /// <summary>Streams being measured.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _streams.Count;
        }
    }

    /// <summary>The levels of these streams in their order, in -dBov; null: none is known. Goes on until it is cancelled.</summary>
    public async IAsyncEnumerable<byte?[]> WatchAsync(IReadOnlyList<StreamName> names, [EnumeratorCancellation] CancellationToken cancel)
    {
        var tick = Join(names);
        try
        {
            while (true)
            {
                await tick.WaitAsync(cancel);
                byte?[] levels;
                lock (_lock) (levels, tick) = ([.. names.Select(n => _streams[n].Level)], _tick.Task);
                yield return levels;
            }
        }
        finally
        {
            Leave(names);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _timer = null;
            foreach (var stream in _streams.Values) stream.Dispose();
        }
    }

    private static TaskCompletionSource NewTick() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task Join(IReadOnlyList<StreamName> names)
    {
        lock (_lock)
        {
            foreach (var name in names)
            {
                if (!_streams.TryGetValue(name, out var stream)) _streams[name] = stream = new StreamLevel(name, hub);
                stream.Watchers++;
            }

            _timer ??= time.CreateTimer(_ => Tick(), null, Period, Period);
            return _tick.Task;
        }
    }

    private void Leave(IReadOnlyList<StreamName> names)
    {
        lock (_lock)
        {
            foreach (var name in names)
            {
                if (!_streams.TryGetValue(name, out var stream) || --stream.Watchers > 0) continue;
                _streams.Remove(name);
                stream.Dispose();
            }

            if (_streams.Count > 0) return;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Tick()
    {
        TaskCompletionSource told;
        lock (_lock)
        {
            if (_timer is null) return;
            var now = clock.Now;
            var room = hub.NoDerived is null ? MostDerived - _streams.Values.Count(s => s.IsDerived) : 0;
            foreach (var stream in _streams.Values)
            {
                var wasDerived = stream.IsDerived;
                try
                {
                    stream.Read(now, room > 0);
                }
                catch (Exception e)
                {
                    Log.Failed(logger, e);
                }

                if (!wasDerived && stream.IsDerived) room--;
            }

            (told, _tick) = (_tick, NewTick());
        }

        told.SetResult();
    }

    private static partial class Log
    {
        [LoggerMessage(5010, LogLevel.Error, "The level of a stream could not be measured")]
        public static partial void Failed(ILogger logger, Exception e);
    }
}
