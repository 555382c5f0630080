using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Quality;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Phones;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.CallDetail;

/// <summary>What is kept of a call: while it lasts, by the feed, in the exports, and after a restart of the program.</summary>
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

    // Four seconds each without loss, with 3 % and with 10 %: what was lost on the wire is in the buckets of just those seconds, before and after a restart.
    [Fact]
    public async Task LossOnTheWire_IsInTheSecondsItHappened_AfterARestartToo()
    {
        using var folder = new TestFolder();
        await using var phone = TestPhone.Start(new TestPhoneOptions { SoundCodecs = [Codec.Pcmu], Sound = PhoneSound.Demo, SoundLine = new PhoneLine { Seed = 3 }, PictureLine = new PhoneLine { Seed = 4 } });
        string before;
        var phases = new List<(double Loss, double From, double To)>();
        await using (var app = await StartAsync(folder))
        {
            var engine = app.Get<MediaEngine>();
            Assert.True(engine.StartCall(new CallRequest("phone", new SipIdentity("tester", "127.0.0.1") { Port = phone.Port }) { CallId = "c1" }).Succeeded);
            var id = new CallId("c1");
            await Wait.ForAsync(() => engine.FindCall(id)?.Health is { State: HealthState.Good }, Soon, () => $"not good: {engine.FindCall(id)?.Health}");
            var call = phone.Call!;
            foreach (var loss in (double[])[0, 0.03, 0.10])
            {
                await phone.Loop.InvokeAsync(() => (call.SoundWire!.Loss, call.PictureWire!.Loss) = (loss, loss));
                var from = Elapsed(engine, id);
                await Wait.ForAsync(() => Elapsed(engine, id) > from + 4.2, Soon, () => "time stands still");
                phases.Add((loss, from, Elapsed(engine, id)));
            }

            // A keyframe that is lost is waited for, and that is said first.
            await Wait.ForAsync(() => engine.FindCall(id)?.Health is { State: HealthState.WeakNetwork }, Soon, () => $"not weak: {engine.FindCall(id)?.Health}");
            await phone.Loop.InvokeAsync(() => (call.SoundWire!.Loss, call.PictureWire!.Loss) = (0, 0));
            await Wait.ForAsync(() => Elapsed(engine, id) > phases[^1].To + 1.2, Soon, () => "time stands still");
            await engine.HangUpAsync(id);
            before = await QualityAsync(app);
            var wire = call.SoundWire!.Lost + call.PictureWire!.Lost;
            var told = Buckets(before).Sum(b => b.Lost);
            TestContext.Current.TestOutputHelper?.WriteLine($"{wire} packets lost on the wire, {told} in the buckets");
            Assert.InRange(told, wire - 3, wire);
        }

        await using (var again = await StartAsync(folder))
        {
            var after = await QualityAsync(again);
            Assert.Equal(before, after);
            foreach (var (loss, from, to) in phases)
            {
                // The seconds at the borders belong to two phases.
                var inside = Buckets(after).Where(b => b.Second >= from + 0.6 && b.Second + 1 <= to - 0.3).ToList();
                var percent = 100.0 * inside.Sum(b => b.Lost) / inside.Sum(b => b.Lost + b.Packets);
                TestContext.Current.TestOutputHelper?.WriteLine($"{loss:P0} on the wire from {from:F1} s to {to:F1} s: {percent:F1} % in {inside.Count} buckets, MOS {inside.Where(b => b.Mos > 0).Select(b => b.Mos).DefaultIfEmpty().Average():F2}");
                Assert.True(inside.Count >= 4);
                Assert.InRange(percent, loss * 100 * 0.3, loss * 100 * 1.9);
            }
        }
    }

    private static Task<SipStreamApp.Tests.Web.RunningApp> StartAsync(TestFolder folder) =>
        SipStreamApp.Tests.Web.RunningApp.StartAsync(["--Media:RtpPorts", "41000-41900"], folder.Path);

    private static double Elapsed(MediaEngine engine, CallId id) => (TimeProvider.System.GetUtcNow() - engine.FindCall(id)!.CreatedAt).TotalSeconds;

    private static async Task<string> QualityAsync(SipStreamApp.Tests.Web.RunningApp app)
    {
        var trace = await app.Http.GetFromJsonAsync<JsonElement>("/rest-api/v2/calls/c1/trace.json");
        return trace.GetProperty("quality").ToString();
    }

    private static List<(int Second, double Packets, double Lost, double Mos)> Buckets(string quality)
    {
        var root = JsonDocument.Parse(quality).RootElement;
        return [.. root.GetProperty("audio").EnumerateArray().Concat(root.GetProperty("video").EnumerateArray()).Select(b => (
            b[0].GetInt32(), b[2].GetDouble(), b[4].GetDouble(), b[10].ValueKind == JsonValueKind.Number ? b[10].GetDouble() : 0))];
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
