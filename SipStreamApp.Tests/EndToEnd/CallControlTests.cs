using System.Net;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using SipStreamApp.Tests.Kit.Phones;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Keys, hold and transfer in calls to real phones.</summary>
[Collection(PhoneCollection.Name)]
public class CallControlTests(PhoneLab lab) : PhoneTest(lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private MediaEngine Engine => Lab.App.Engine;

    [Fact]
    public async Task Baresip_HearsKeysOfEveryWay_AndIsPutOnHoldAndTakenBack()
    {
        await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions { AudioCodecs = "pcma" });
        var id = PhoneLab.NewId("keys");
        await Lab.StartCallAsync(Lab.SeedCall(id));
        await Lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience);

        await OkAsync("/call/send_dtmf", new { callId = id, dtmf = "15#", type = "RFC2833" });
        foreach (var key in "15#") await phone.UntilSaysAsync($"received event: '{key}' (end=1)", Patience);
        await OkAsync("/call/send_dtmf", new { callId = id, dtmf = "7", type = "INFO_RELAY" });
        await phone.UntilSaysAsync("received DTMF: '7'", Patience);
        // It knows dtmf-relay only: INFO falls back to that.
        await OkAsync("/call/send_dtmf", new { callId = id, dtmf = "8", type = "INFO" });
        await phone.UntilSaysAsync("received DTMF: '8'", Patience);

        await Wait.ForAsync(() => Lab.Packets(id) > 50, Patience, () => "It never sent anything");
        await OkAsync("/call/hold", new { callId = id });
        Assert.Equal("HOLD", (await Lab.App.FindCallAsync(id))!.Value.GetProperty("status").GetString());
        await QuietAsync(id);
        await OkAsync("/call/hold", new { callId = id });
        await OkAsync("/call/unhold", new { callId = id });
        Assert.Equal("ESTABLISHED", (await Lab.App.FindCallAsync(id))!.Value.GetProperty("status").GetString());
        var before = Lab.Packets(id);
        await Wait.ForAsync(() => Lab.Packets(id) > before + 25, Patience, () => "No sound after the resume");
        await Lab.EndCallAsync(id);
        await Lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Hold_MeetsTheOtherSidesOffer_AndComesAgain()
    {
        await using var phone = TestPhone.Start(new TestPhoneOptions { SoundCodecs = [Codec.Pcma, Codec.Pcmu] });
        var id = PhoneLab.NewId("glare");
        var call = await phone.CallFromAsync(Lab.App, id, video: false);
        await Lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience);
        call.RefuseNextOffer = 491;
        var holding = Engine.HoldAsync(new CallId(id), CancellationToken.None);
        await Wait.ForAsync(() => !call.Offers.IsEmpty, Patience, () => "No offer came");
        Assert.Equal("call-busy", (await Engine.ResumeAsync(new CallId(id), CancellationToken.None))?.Code);
        await call.ChangeSoundAsync(Codec.Pcma);
        Assert.Null(await holding.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal("HOLD", (await Lab.App.FindCallAsync(id))!.Value.GetProperty("status").GetString());
        Assert.All(call.Offers, o => Assert.Contains("a=sendonly", o, StringComparison.Ordinal));
        Assert.Equal(2, call.Offers.Count);

        call.RefuseNextOffer = 488;
        Assert.Equal("change-refused", (await Engine.ResumeAsync(new CallId(id), CancellationToken.None))?.Code);
        Assert.Null(await Engine.ResumeAsync(new CallId(id), CancellationToken.None));
        await Lab.EndCallAsync(id);
        await Lab.AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData("5", "Signal=5", "INFO_RELAY", false)]
    [InlineData("5", "Signal=5", "INFO", true)]
    public async Task Sipp_SeesInfo_InTheWordsItKnows(string key, string relay, string type, bool plainIsRefused)
    {
        await using var phone = await Sipp.StartAsync(plainIsRefused ? SippDialogs.KnowRelayOnly(relay) : SippDialogs.TakeInfo("application/dtmf-relay", relay), more: ["-m", "1"]);
        var id = PhoneLab.NewId("info");
        await Lab.StartCallAsync(PhoneLab.DirectCall(id, phone.Port));
        await Lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience);
        await OkAsync("/call/send_dtmf", new { callId = id, dtmf = key + key, type });
        // sipp answers with PCMU only: no telephone-event.
        await FailsAsync("/call/send_dtmf", new { callId = id, dtmf = "1", type = "RFC2833" }, "dtmf-not-negotiated");
        await FailsAsync("/call/send_dtmf", new { callId = id, dtmf = "x", type = "INFO" }, "invalid-field");
        await FailsAsync("/call/send_dtmf", new { callId = id, dtmf = "1", type = "SMOKE" }, "invalid-field");
        await FailsAsync("/call/send_dtmf", new { callId = "nobody", dtmf = "1" }, "call-not-found", HttpStatusCode.NotFound);
        await Lab.EndCallAsync(id);
        Assert.True(await phone.WaitForExitAsync(Patience) == 0, phone.Output);
        await Lab.AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData(200)]
    [InlineData(486)]
    public async Task Transfer_IsToldOfToItsEnd(int final)
    {
        await using var phone = await Sipp.StartAsync(SippDialogs.Transfer(final), more: ["-m", "1"]);
        var id = PhoneLab.NewId("refer");
        var seen = new List<TransferStatus>();
        using var watching = Engine.Observe(e =>
        {
            if (e is not TransferChanged changed || changed.Call.Id.Value != id) return;
            lock (seen) seen.Add(changed.Status);
        });
        await Lab.StartCallAsync(PhoneLab.DirectCall(id, phone.Port));
        await Lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience);
        Assert.Equal("invalid-field", (await Engine.TransferAsync(new CallId(id), "sip:", CancellationToken.None))?.Code);
        await OkAsync("/call/transfer", new { callId = id, target = "10007" });
        await Wait.ForAsync(() => Count() == 3, Patience, () => "Not told to the end: " + string.Join(", ", seen));
        Assert.Equal([TransferStatus.Accepted, TransferStatus.Trying, final == 200 ? TransferStatus.Completed : TransferStatus.Failed], seen);
        if (final == 200) Assert.Equal("transferred", await Lab.CauseOfEndAsync(id, "FINISH", Patience));
        else
        {
            Assert.NotNull(await Lab.App.FindCallAsync(id));
            await Lab.EndCallAsync(id);
        }

        Assert.True(await phone.WaitForExitAsync(Patience) == 0, phone.Output);
        await Lab.AssertNothingLeftAsync();

        int Count()
        {
            lock (seen) return seen.Count;
        }
    }

    private async Task QuietAsync(string id)
    {
        var (last, since) = (Lab.Packets(id), Environment.TickCount64);
        await Wait.ForAsync(
            () =>
            {
                if (Lab.Packets(id) is var now && now == last) return Environment.TickCount64 - since > 1200;
                (last, since) = (now, Environment.TickCount64);
                return false;
            },
            Patience,
            () => "It still sends");
    }

    private async Task OkAsync(string path, object body)
    {
        using var answer = await Lab.App.PostAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK && text.Length == 0, $"{answer.StatusCode}: {text}");
    }

    private async Task FailsAsync(string path, object body, string code, HttpStatusCode status = HttpStatusCode.InternalServerError)
    {
        using var answer = await Lab.App.PostAsync(path, body);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains($"\"code\":\"{code}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
