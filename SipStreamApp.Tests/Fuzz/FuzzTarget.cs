using System.Text;

namespace SipStreamApp.Tests.Fuzz;

/// <summary>Something that reads what strangers send.</summary>
/// <param name="Name">Also the folder of its corpus.</param>
/// <param name="Run">Reads one input. Any exception is a finding, and so is taking longer than a moment.</param>
/// <param name="Words">What the parser looks for.</param>
internal sealed record FuzzTarget(string Name, Action<byte[]> Run, params string[] Words)
{
    /// <summary>Folder of corpora, beside the tests.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Fuzz", "Corpus");

    public IReadOnlyList<byte[]> Dictionary => [.. Words.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Its corpus, by name of the file: findings that were mended stay in it.</summary>
    public IReadOnlyList<byte[]> Corpus() =>
        [.. Directory.GetFiles(Path.Combine(Folder, Name)).Concat(Name is "sip" ? Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Data", "rfc4475")) : []).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    public override string ToString() => Name;
}
