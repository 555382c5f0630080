using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Xunit;

namespace SipStreamApp.Tests.Fuzz;

/// <summary>
/// Parsers never throw and never hang. Two seconds for each target; FUZZ_SECONDS (tools/fuzz.sh) for more, FUZZ_SEED for other inputs. An input
/// that fails is written to fuzz-findings/ below the current folder; once mended it goes into the corpus.
/// </summary>
public sealed class FuzzTests
{
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);

    public static IEnumerable<TheoryDataRow<string>> Names() => FuzzTargets.All.Select(t => new TheoryDataRow<string>(t.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Target_CorpusAndMutations_NeverThrowsAndNeverHangs(string name)
    {
        var target = FuzzTargets.All.Single(t => t.Name == name);
        var corpus = target.Corpus();
        Assert.NotEmpty(corpus);
        var time = TimeSpan.FromSeconds(Number("FUZZ_SECONDS", 2));
        var mutator = new Mutator(Number("FUZZ_SEED", 1), corpus, target.Dictionary);
        foreach (var input in corpus) Try(target, input);
        var clock = Stopwatch.StartNew();
        long count = 0;
        for (; clock.Elapsed < time; count++) Try(target, mutator.Next());
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {count:N0} inputs in {clock.Elapsed.TotalSeconds:0} s"));
        Assert.True(count > 100, $"{count} inputs only");
    }

    [Fact]
    public void Harness_ThatThrowsOrHangs_IsFound()
    {
        var folder = Directory.CreateTempSubdirectory("fuzz-");
        try
        {
            var thrown = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Try(new FuzzTarget("thrower", _ => throw new InvalidOperationException("found")), [1, 2, 3], folder.FullName));
            Assert.Contains("InvalidOperationException", thrown.Message, StringComparison.Ordinal);
            Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Try(new FuzzTarget("hanger", _ => Thread.Sleep(150)), [4], folder.FullName));
            Assert.Equal(2, folder.GetFiles("*", SearchOption.AllDirectories).Length);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Try(FuzzTarget target, byte[] input, string? folder = null)
    {
        try
        {
            var started = Stopwatch.GetTimestamp();
            target.Run(input);
            if (Stopwatch.GetElapsedTime(started) <= Slow) return;

            // A collection or a busy machine takes time once; an input that is slow is slow every time.
            for (var again = 0; again < 4; again++)
            {
                started = Stopwatch.GetTimestamp();
                target.Run(input);
                if (Stopwatch.GetElapsedTime(started) <= Slow) return;
            }
        }
        catch (Exception e)
        {
            Assert.Fail($"{target.Name} threw {e.GetType().Name} ({e.Message}) at {Keep(target, input, folder)}\n{e.StackTrace}");
        }

        Assert.Fail($"{target.Name} took longer than {Slow.TotalMilliseconds} ms five times at {Keep(target, input, folder)}");
    }

    private static string Keep(FuzzTarget target, byte[] input, string? folder)
    {
        var path = Path.Combine(folder ?? Directory.GetCurrentDirectory(), "fuzz-findings", target.Name);
        Directory.CreateDirectory(path);
        path = Path.Combine(path, Convert.ToHexStringLower(SHA256.HashData(input))[..12]);
        File.WriteAllBytes(path, input);
        return path;
    }

    private static int Number(string variable, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : fallback;
}
