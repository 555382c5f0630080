namespace SipStreamApp.Media.Net;

/// <summary>One piece of posted work: a delegate, its state, and how to call the one with the other.</summary>
internal readonly struct LoopWork(object work, object? state, Action<object, object?> run)
{
    public void Run() => run(work, state);

    /// <summary>The loop ended before the work was run.</summary>
    public void Abandon() => (work as IAbandonable ?? state as IAbandonable)?.Abandon();

    public static LoopWork From(Action work) => new(work, null, static (w, _) => ((Action)w)());

    public static LoopWork From<TState>(Action<TState> work, TState state) => new(work, state, Typed<TState>.Run);

    private static class Typed<TState>
    {
        public static readonly Action<object, object?> Run = static (w, s) => ((Action<TState>)w)((TState)s!);
    }
}

/// <summary>Work (or its state) that must be told when nobody is left to run it.</summary>
internal interface IAbandonable
{
    void Abandon();
}

/// <summary>Work with a result. Its exceptions belong to the caller, not to the loop.</summary>
internal sealed class LoopInvocation<T>(Func<T> work) : IAbandonable
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _done.Task;

    public void Run()
    {
        try
        {
            _done.TrySetResult(work());
        }
        catch (Exception e)
        {
            _done.TrySetException(e);
        }
    }

    public void Abandon() => _done.TrySetException(new ObjectDisposedException(nameof(NetLoop)));
}
