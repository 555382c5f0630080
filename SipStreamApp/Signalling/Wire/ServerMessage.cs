using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SipStreamApp.Signalling.Wire;

/// <summary>
/// Writes the frames for a client. Every frame has a <c>data</c> array: the SDK reads <c>data[0]</c> before it looks at the name, and a frame
/// without it is lost.
/// </summary>
internal static class ServerMessage
{
    // SDP is full of plus signs; the frames go to a script, never into a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The frame that asks whether a client still lives.</summary>
    public static byte[] Ping { get; } = Of("ping", (JsonNode?)null);

    /// <summary>The answer to a client's own ping.</summary>
    public static byte[] Pong { get; } = Of("pong", (JsonNode?)null);

    /// <summary>A frame with these arguments.</summary>
    public static byte[] Of(string name, params ReadOnlySpan<JsonNode?> data)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("message", name);
            writer.WriteStartArray("data");
            foreach (var argument in data)
            {
                if (argument is null) writer.WriteNullValue();
                else argument.WriteTo(writer);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
