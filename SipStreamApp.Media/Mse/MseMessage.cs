using System.Text;
using System.Text.Json;
using SipStreamApp.Media.Mp4;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Mse;

/// <summary>One WebSocket message to an MSE player: JSON as text, or bytes for its source buffer.</summary>
/// <param name="IsText">True for JSON.</param>
/// <param name="Data">The bytes.</param>
public readonly record struct MseMessage(bool IsText, ReadOnlyMemory<byte> Data)
{
    internal static MseMessage Init(IReadOnlyList<Mp4Track> tracks, string note) => Json("init", json =>
    {
        json.WriteString("mime", Mp4Codecs.MimeType(tracks));
        foreach (var track in tracks)
        {
            json.WriteString(track.IsVideo ? "video" : "audio", track.Format.Codec == Codec.Aac ? "AAC" : track.Format.EncodingName);
            if (!track.IsVideo) continue;
            json.WriteNumber("width", track.Format.Width);
            json.WriteNumber("height", track.Format.Height);
        }

        json.WriteString("note", note);
    });

    internal static MseMessage Clock(TimeSpan live, DateTimeOffset wall) => Json("clock", json =>
    {
        json.WriteNumber("live", Math.Round(live.TotalSeconds, 4));
        json.WriteNumber("wall", wall.ToUnixTimeMilliseconds());
    });

    internal static MseMessage End(string reason) => Json("end", json => json.WriteString("reason", reason));

    /// <summary>What a player is told in place of media.</summary>
    public static MseMessage Error(Failure failure) => Json("error", json =>
    {
        json.WriteString("code", failure.Code);
        json.WriteString("title", failure.Title);
        json.WriteString("detail", failure.Advice);
        json.WriteBoolean("retry", failure.Retryable);
    });

    private static MseMessage Json(string type, Action<Utf8JsonWriter> members)
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            members(json);
            json.WriteEndObject();
        }

        return new MseMessage(true, bytes.ToArray());
    }

    /// <inheritdoc/>
    public override string ToString() => IsText ? Encoding.UTF8.GetString(Data.Span) : $"{Data.Length} bytes";
}
