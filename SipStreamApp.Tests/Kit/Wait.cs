using System.Diagnostics;

namespace SipStreamApp.Tests.Kit;

/// <summary>Waiting for something real to happen, with a limit.</summary>
internal static class Wait
{
    /// <summary>Polls until the condition holds; false when the limit has passed.</summary>
    public static async Task<bool> UntilAsync(Func<bool> condition, TimeSpan limit, int pollMs = 20)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > limit) return false;
            await Task.Delay(pollMs);
        }

        return true;
    }

    /// <summary>As <see cref="UntilAsync(Func{bool}, TimeSpan, int)"/> for a condition that itself asks somebody.</summary>
    public static async Task<bool> UntilAsync(Func<Task<bool>> condition, TimeSpan limit, int pollMs = 50)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > limit) return false;
            await Task.Delay(pollMs);
        }

        return true;
    }

    /// <summary>Waits and fails the test with <paramref name="what"/> when the limit has passed.</summary>
    public static async Task ForAsync(Func<bool> condition, TimeSpan limit, Func<string> what) =>
        Xunit.Assert.True(await UntilAsync(condition, limit), what());
}
