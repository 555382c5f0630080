using System.Collections.Immutable;

namespace SipStreamApp.Media.Hosting;

/// <summary>Hands facts to observers. Observers are few and come and go rarely; facts are many.</summary>
internal sealed class EngineEvents
{
    private ImmutableArray<Observer> _observers = [];

    public IDisposable Add(Action<EngineEvent> receive)
    {
        var observer = new Observer(this, receive);
        ImmutableInterlocked.Update(ref _observers, static (all, o) => all.Add(o), observer);
        return observer;
    }

    public void Raise(EngineEvent fact)
    {
        foreach (var observer in _observers) observer.Receive(fact);
    }

    private sealed class Observer(EngineEvents owner, Action<EngineEvent> receive) : IDisposable
    {
        public Action<EngineEvent> Receive { get; } = receive;

        public void Dispose() => ImmutableInterlocked.Update(ref owner._observers, static (all, o) => all.Remove(o), this);
    }
}
