using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.CallDetail;

/// <summary>What is kept of a call: while it lasts, by the feed and in the exports.</summary>
public class TraceTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task DemoCall_FeedAndExports_HaveItAllAndTsharkReadsTheCapture()
    {
        await using var app = await Kit.RunningApp.StartAsync();
        await app.CallDemoAsync("c1");
        await app.UntilStatusAsync("c1", "ESTABLISHED", Soon);
        using var response = await app.Http.GetAsync("/live/calls/c1", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var events = new List<(string Type, JsonElement Data, string? Id)>();
        await using var stream = await response.Content.ReadAsStreamAsync();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync())
        {
            events.Add((item.EventType, JsonDocument.Parse(item.Data).RootElement, item.EventId));
            if (events.Count == 4) (await app.PostAsync("/call/terminate", new { callId = "c1" })).Dispose();
        }

        // The first has everything, the others only what is new; the last one is the end, and nothing is told twice.
        Assert.Equal("end", events[^1].Type);
        Assert.Equal("FINISH", events[^1].Data.GetProperty("status").GetString());
        Assert.Contains(events, e => e.Data.GetProperty("health").ValueKind == JsonValueKind.Object && e.Data.GetProperty("health").GetProperty("state").GetString() == "Good");
        var numbers = events.SelectMany(e => e.Data.GetProperty("messages").EnumerateArray()).Select(m => m.GetProperty("n").GetInt32()).ToList();
        Assert.Equal(Enumerable.Range(0, numbers.Count), numbers);
        var seconds = events.SelectMany(e => e.Data.GetProperty("quality").GetProperty("video").EnumerateArray()).Select(b => b[0].GetInt32()).ToList();
        Assert.True(seconds.Count >= 3 && seconds.SequenceEqual(seconds.Distinct().Order()), string.Join(' ', seconds));

        using var gone = await app.Http.GetAsync("/live/calls/c1");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        var trace = await app.Http.GetFromJsonAsync<JsonElement>("/rest-api/v2/calls/c1/trace.json");
        Assert.False(trace.GetProperty("isLive").GetBoolean());
        var labels = trace.GetProperty("messages").EnumerateArray().Select(m => (m.GetProperty("sent").GetBoolean() ? ">" : "<") + m.GetProperty("label").GetString()).ToList();
        Assert.Equal([">INVITE (SDP)", "<100 Trying", "<200 OK (SDP)", ">ACK", ">BYE", "<200 OK"], labels.Where(l => !l.Contains("INFO", StringComparison.Ordinal)));
        Assert.Contains("INVITE sip:demo@127.0.0.1", await app.Http.GetStringAsync("/rest-api/v2/calls/c1/trace.txt"), StringComparison.Ordinal);
        var diagram = await app.Http.GetStringAsync("/rest-api/v2/calls/c1/trace.mmd");
        Assert.StartsWith("sequenceDiagram\n", diagram, StringComparison.Ordinal);
        Assert.Contains("us->>p0: BYE\n    p0-->>us: 200 OK\n", diagram, StringComparison.Ordinal);
        await AssertCaptureAsync(await app.Http.GetByteArrayAsync("/rest-api/v2/calls/c1/trace.pcap"), trace, app.SipPort);
    }

    [Fact]
    public async Task Trace_WhatIsNotThere_IsAProblemInWords()
    {
        await using var app = await Kit.RunningApp.StartAsync();
        foreach (var path in (string[])["/rest-api/v2/calls/nobody/trace.json", "/rest-api/v2/calls/nobody/trace.pcap", "/live/calls/nobody"])
        {
            using var answer = await app.Http.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("call-not-found", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }

        using var post = await app.Http.PostAsync("/rest-api/v2/calls/nobody/trace.json", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        using var cursor = await app.Http.GetAsync("/live/calls/nobody?since=x");
        Assert.Equal(HttpStatusCode.BadRequest, cursor.StatusCode);
        var document = await app.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        foreach (var ending in (string[])["json", "txt", "pcap", "mmd"]) Assert.True(document.GetProperty("paths").TryGetProperty($"/rest-api/v2/calls/{{callId}}/trace.{ending}", out _), ending);
        Assert.True(document.GetProperty("paths").TryGetProperty("/live/calls/{callId}", out _));
    }

    private static async Task AssertCaptureAsync(byte[] capture, JsonElement trace, int port)
    {
        using var folder = new TestFolder();
        await File.WriteAllBytesAsync(folder.File("c1.pcap"), capture);
        using var tshark = Process.Start(new ProcessStartInfo("tshark", ["-r", folder.File("c1.pcap"), "-d", $"udp.port=={port},sip", "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-T", "fields",
            "-e", "frame.time_epoch", "-e", "sip.Method", "-e", "sip.Status-Code", "-e", "ip.checksum.status", "-e", "udp.checksum.status", "-e", "sdp.media", "-e", "_ws.malformed"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var text = await tshark.StandardOutput.ReadToEndAsync();
        await tshark.WaitForExitAsync();
        var rows = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).ToList();
        var messages = trace.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(messages.Count, rows.Count);
        var started = trace.GetProperty("startedAt").GetDateTimeOffset();
        foreach (var (row, message) in rows.Zip(messages))
        {
            var at = (started - DateTimeOffset.UnixEpoch).TotalSeconds + message.GetProperty("t").GetDouble();
            var told = double.TryParse(row[0], System.Globalization.CultureInfo.InvariantCulture, out var epoch) ? epoch : (DateTimeOffset.Parse(row[0].Replace("Z", "+00:00", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).TotalSeconds;
            Assert.Equal(at, told, 0.001);
            Assert.Equal(message.GetProperty("status").ValueKind == JsonValueKind.Number ? $"{message.GetProperty("status").GetInt32()}" : message.GetProperty("method").GetString(), row[1].Length > 0 ? row[1] : row[2]);
            Assert.Equal(("1", "1", ""), (row[3], row[4], row.Length > 6 ? row[6] : ""));
        }

        Assert.Contains("audio", rows[0][5], StringComparison.Ordinal);
    }
}
