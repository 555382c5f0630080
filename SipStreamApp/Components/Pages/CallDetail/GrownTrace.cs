using System.Text.Json;
using SipStreamApp.Api;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Quality;

namespace SipStreamApp.Components.Pages.CallDetail;

/// <summary>What a page holds of a live call: grows with it, but not without end.</summary>
internal static class GrownTrace
{
    private const int MaxBuckets = 1200;
    private const int MaxEvents = 500;

    public static TracePart Join(TracePart have, TracePart more) => more with
    {
        Messages = Add(have.Messages, more.Messages, MaxEvents, (m, first) => m.Number < first.Number),
        Marks = Add(have.Marks, more.Marks, MaxEvents, (m, first) => m.Number < first.Number),
        Audio = Add(have.Audio, more.Audio), Video = Add(have.Video, more.Video), Stream = Add(have.Stream, more.Stream),
    };

    private static IReadOnlyList<QualityBucket> Add(IReadOnlyList<QualityBucket> have, IReadOnlyList<QualityBucket> more) =>
        Add(have, more, MaxBuckets, (b, first) => b.Second < first.Second);

    private static IReadOnlyList<T> Add<T>(IReadOnlyList<T> have, IReadOnlyList<T> more, int most, Func<T, T, bool> isBefore)
    {
        if (more.Count == 0) return have;
        List<T> all = [.. have.Where(h => isBefore(h, more[0])), .. more];
        if (all.Count > most) all.RemoveRange(0, all.Count - most);
        return all;
    }
}

/// <summary>JSON for people.</summary>
internal static class TraceIndented
{
    public static ApiJson Value { get; } = new(new JsonSerializerOptions(ApiJson.Default.Options) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
