using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Hosting;

/// <summary>Codec lists as people write them in the settings: "opus,PCMU".</summary>
internal static class CodecNames
{
    /// <summary>The names that may be written for a kind.</summary>
    public static IReadOnlyList<string> Known(MediaKind kind) => [.. Of(kind).Select(c => TrackFormat.Default(c).EncodingName)];

    /// <summary>The names in the list that are not codecs of that kind.</summary>
    public static IReadOnlyList<string> Unknown(string list, MediaKind kind) =>
        [.. Split(list).Where(n => !Known(kind).Contains(n, StringComparer.OrdinalIgnoreCase))];

    internal static ImmutableArray<Codec> Parse(string list, MediaKind kind) =>
        [.. Split(list).SelectMany(n => Of(kind).Where(c => TrackFormat.Default(c).EncodingName.Equals(n, StringComparison.OrdinalIgnoreCase)))];

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static Codec[] Of(MediaKind kind) =>
        kind == MediaKind.Audio ? [Codec.Opus, Codec.Pcmu, Codec.Pcma, Codec.G722] : [Codec.H264, Codec.Vp8];
}
