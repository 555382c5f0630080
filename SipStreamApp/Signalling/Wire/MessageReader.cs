using System.Text.Json;
using System.Text.Json.Nodes;

namespace SipStreamApp.Signalling.Wire;

/// <summary>Reads the frames of a client. Never throws; what cannot be understood is refused with the reason.</summary>
internal static class MessageReader
{
    /// <summary>Longest frame that is read, bytes. An SDP offer of a browser has 5 to 10 kB.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int MaxNameLength = 64;
    private const string NoText = "a frame holds text that is not Unicode";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 24, AllowDuplicateProperties = false };

    /// <summary>The message of a text frame; null with the reason where there is none in it.</summary>
    public static ClientMessage? Read(ReadOnlySpan<byte> frame, out string problem)
    {
        problem = "";
        try
        {
            if (JsonNode.Parse(frame, documentOptions: Options) is not JsonObject envelope) problem = "a frame must be a JSON object";
            else if (!IsSound(envelope)) problem = NoText;
            else if (envelope.Text("message") is not { Length: > 0 and <= MaxNameLength } name) problem = "a frame must name its message";
            else return new ClientMessage(name, Body(envelope["data"]));
        }
        catch (JsonException)
        {
            problem = "a frame must be JSON";
        }
        catch (InvalidOperationException)
        {
            // The parser lets names through that are no text, and throws when they are looked at.
            problem = NoText;
        }

        return null;
    }

    // Media sockets answer a ping without data.
    private static JsonObject Body(JsonNode? data)
    {
        if (data is not JsonArray { Count: > 0 } list || list[0] is not JsonObject body) return [];
        list.RemoveAt(0);
        return body;
    }

    // A lone surrogate passes the parser and throws when it is read: looked for once, so that nobody after has to.
    private static bool IsSound(JsonNode? node) => node switch
    {
        JsonObject o => o.All(p => JsonFields.IsReadable(p.Key) && IsSound(p.Value)),
        JsonArray a => a.All(IsSound),
        JsonValue v => v.GetValueKind() != JsonValueKind.String || JsonFields.TryText(v, out _),
        _ => true,
    };
}
