using System.Collections.Concurrent;

namespace SipStreamApp.Benchmarks.Load;

/// <summary>Something was not as it must be; the message says what was wanted and what came.</summary>
internal sealed class LoadException(string message) : Exception(message);

/// <summary>Counts what went wrong, and prints the first ones.</summary>
internal sealed class Errors
{
    private const int Printed = 30;
    private readonly ConcurrentQueue<string> _all = new();
    private int _logged;

    public int Count => _all.Count;

    public void Add(string call, string what)
    {
        _all.Enqueue(what);
        if (_all.Count <= Printed) Console.WriteLine($"ERROR {call}: {what}");
    }

    /// <summary>Adds what is new in the product's log file at the levels Error and Fatal.</summary>
    public void TakeLog(Product product)
    {
        foreach (var line in product.Logged("Error", "Fatal").Skip(_logged))
        {
            _logged++;
            Add("log", line);
        }
    }

    /// <summary>Runs a part of a call; what it throws is an error of that call and ends the part.</summary>
    public async Task<bool> GuardAsync(string call, Func<Task> part)
    {
        try
        {
            await part();
            return true;
        }
        catch (LoadException e)
        {
            Add(call, e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // HTTP, WebSocket and DTLS have many ways to fail; every one of them counts.
            Add(call, $"{e.GetType().Name}: {e.Message}");
        }

        return false;
    }
}
