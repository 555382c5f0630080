using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>A span as it came over the wire.</summary>
internal sealed record OtlpSpan(string TraceId, string SpanId, string ParentId, string Name, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A collector: takes traces by OTLP over HTTP with protobuf (opentelemetry-proto, trace/v1) and reads as much of them as tests ask for.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<byte[]> _bodies = new();

    private OtlpReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>Everything that came, as it came.</summary>
    public IReadOnlyList<byte[]> Bodies => [.. _bodies];

    /// <summary>ExportTraceServiceRequest.resource_spans (1) / scope_spans (2) / spans (2).</summary>
    public IReadOnlyList<OtlpSpan> Spans =>
        [.. from body in _bodies from resource in Fields(body, 1) from scope in Fields(resource, 2) from span in Fields(scope, 2) select Read(span)];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        Xunit.Assert.Equal(("/v1/traces", "application/x-protobuf"), (http.Request.Path.Value, http.Request.ContentType));
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        _bodies.Enqueue(body.ToArray());
    }

    private static OtlpSpan Read(byte[] span) => new(Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 5), Fields(span, 9).ToDictionary(a => Text(a, 1), a => Fields(a, 2).Select(v => Text(v, 1)).FirstOrDefault() ?? ""));

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).FirstOrDefault() ?? []);

    private static string Text(byte[] message, int field) => Encoding.UTF8.GetString(Fields(message, field).FirstOrDefault() ?? []);

    // The fields of a number that have a length (wire type 2); the others are stepped over.
    private static List<byte[]> Fields(byte[] message, int field)
    {
        var found = new List<byte[]>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0: Varint(message, ref at); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                default:
                    var length = (int)Varint(message, ref at);
                    if ((int)(tag >> 3) == field) found.Add(message[at..(at + length)]);
                    at += length;
                    break;
            }
        }

        return found;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var b = message[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
    }
}
