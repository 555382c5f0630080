using System.Net.Http.Json;
using System.Text.Json;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Quality;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Phones;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.CallDetail;

/// <summary>
/// One call over a line that first loses nothing, then 3 %, then 10 % of its packets. What was lost on the wire is in the buckets of just those seconds,
/// while the program runs and after its restart.
/// </summary>
internal static class LossPhases
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly double[] Losses = [0, 0.03, 0.10];

    public static async Task RunAsync(TimeSpan each)
    {
        using var folder = new TestFolder();
        await using var phone = TestPhone.Start(new TestPhoneOptions { SoundCodecs = [Codec.Pcmu], SoundLine = new PhoneLine { Seed = 3 }, PictureLine = new PhoneLine { Seed = 4 } });
        JsonElement before;
        var phases = new List<Phase>();
        await using (var app = await StartAsync(folder))
        {
            var engine = app.Get<MediaEngine>();
            Assert.True(engine.StartCall(new CallRequest("phone", new SipIdentity("tester", "127.0.0.1") { Port = phone.Port }) { CallId = "c1" }).Succeeded);
            var id = new CallId("c1");
            await Wait.ForAsync(() => engine.FindCall(id)?.Health is { State: HealthState.Good }, Soon, () => $"not good: {engine.FindCall(id)?.Health}");
            var (sound, picture) = (phone.Call!.SoundWire!, phone.Call.PictureWire!);
            double Now() => (TimeProvider.System.GetUtcNow() - engine.FindCall(id)!.CreatedAt).TotalSeconds;
            foreach (var loss in Losses)
            {
                await phone.Loop.InvokeAsync(() => (sound.Loss, picture.Loss) = (loss, loss));
                var (from, sent, lost) = (Now(), sound.Sent + picture.Sent, sound.Lost + picture.Lost);
                await Wait.ForAsync(() => Now() > from + each.TotalSeconds + 0.2, each + Soon, () => "time stands still");
                lost = sound.Lost + picture.Lost - lost;
                phases.Add(new Phase(loss, from, Now(), 100.0 * lost / (lost + sound.Sent + picture.Sent - sent)));
            }

            // A keyframe that is lost is waited for, and that is said first.
            await Wait.ForAsync(() => engine.FindCall(id)?.Health is { State: HealthState.WeakNetwork }, Soon, () => $"not weak: {engine.FindCall(id)?.Health}");
            await phone.Loop.InvokeAsync(() => (sound.Loss, picture.Loss) = (0, 0));
            await Wait.ForAsync(() => Now() > phases[^1].To + 1.2, Soon, () => "time stands still");
            await engine.HangUpAsync(id);
            before = await QualityAsync(app);
            var told = Buckets(before).Sum(b => b.Lost);
            Say($"{sound.Lost + picture.Lost} packets lost on the wire, {told} in the buckets");
            Assert.InRange(told, sound.Lost + picture.Lost - 3, sound.Lost + picture.Lost);
            Check(before, phases, "before the restart");
        }

        await using (var again = await StartAsync(folder))
        {
            var after = await QualityAsync(again);
            Check(after, phases, "after the restart");
            Assert.Equal(before.ToString(), after.ToString());
        }
    }

    private static void Check(JsonElement quality, List<Phase> phases, string when)
    {
        var all = Buckets(quality);
        foreach (var phase in phases)
        {
            // The seconds at the borders belong to two phases.
            var inside = all.Where(b => b.Second >= phase.From + 0.6 && b.Second + 1 <= phase.To - 0.3).ToList();
            var percent = 100.0 * inside.Sum(b => b.Lost) / inside.Sum(b => b.Lost + b.Packets);
            var mos = inside.Where(b => b.Mos is not null).Average(b => b.Mos!.Value);
            Say(FormattableString.Invariant($"{when}: {phase.Percent:F2} % lost on the wire from {phase.From:F1} s to {phase.To:F1} s, {percent:F2} % in {inside.Count} buckets, MOS {mos:F2}"));

            // No second of sound or picture is missing. What is left out at the borders was lost, too, by chance more or less: a little of a long phase.
            Assert.InRange(inside.Count, 2 * (int)(phase.To - phase.From - 2), 2 * (int)(phase.To - phase.From));
            Assert.InRange(percent, phase.Percent * (1 - Slack(phase)), phase.Percent * (1 + Slack(phase)));
        }
    }

    private static double Slack(Phase phase) => 2 / (phase.To - phase.From);

    private static Task<SipStreamApp.Tests.Web.RunningApp> StartAsync(TestFolder folder) =>
        SipStreamApp.Tests.Web.RunningApp.StartAsync(["--Media:RtpPorts", "41000-41900"], folder.Path);

    private static async Task<JsonElement> QualityAsync(SipStreamApp.Tests.Web.RunningApp app)
    {
        var trace = await app.Http.GetFromJsonAsync<JsonElement>("/rest-api/v2/calls/c1/trace.json");
        return trace.GetProperty("quality");
    }

    private static List<Bucket> Buckets(JsonElement quality)
    {
        string[] columns = [.. quality.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)];
        var (second, packets, lost, mos) = (Array.IndexOf(columns, "second"), Array.IndexOf(columns, "packets"), Array.IndexOf(columns, "lost"), Array.IndexOf(columns, "mos"));
        return [.. quality.GetProperty("audio").EnumerateArray().Concat(quality.GetProperty("video").EnumerateArray()).Select(b => new Bucket(
            b[second].GetInt32(), b[packets].GetInt32(), b[lost].GetInt32(), b[mos].ValueKind == JsonValueKind.Number ? b[mos].GetDouble() : null))];
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    // Seconds since the call was asked for; what the wire itself counted.
    private sealed record Phase(double Loss, double From, double To, double Percent);

    private sealed record Bucket(int Second, int Packets, int Lost, double? Mos);
}
