using System.Net;
using System.Net.Sockets;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>What a callee may do inside a call, by sipp called directly: no registration, no proxy.</summary>
[Collection(PhoneCollection.Name)]
public class PhoneDialogTests(PhoneLab lab) : PhoneTest(lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Startup_SippAnswers_ItsToneIsHeard(bool tcp)
    {
        await using var phone = await Sipp.StartAsync(SippScenarios.AnswerAndPlay, tcp, "-m", "1");
        var id = PhoneLab.NewId("sipp");
        var call = PhoneLab.DirectCall(id, phone.Port);
        if (tcp) call["sipTransport"] = "tcp";
        await using var viewer = await WhepViewer.StartAsync(Lab.Chromium, Lab.App.Url, id);
        await Lab.StartCallAsync(call);
        await Lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience);
        await viewer.UntilAsync(f => f is { AudioEnergy: > 0.0001, Codecs: ["audio/PCMU"] }, Patience);
        await PageEars.AssertHearsBeepAsync(viewer, Patience);
        await Lab.EndCallAsync(id);
        Assert.True(await phone.WaitForExitAsync(Patience) == 0, phone.Output);
        await Lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task EarlyMedia_WithSound_PlaysBeforeTheAnswer()
    {
        await using var phone = await Sipp.StartAsync(SippDialogs.EarlyMedia, more: ["-m", "1"]);
        var id = PhoneLab.NewId("early");
        await using var viewer = await WhepViewer.StartAsync(Lab.Chromium, Lab.App.Url, id);
        await Lab.StartCallAsync(PhoneLab.DirectCall(id, phone.Port));
        await viewer.UntilAsync(f => f.AudioEnergy > 0.0001, Patience);
        Assert.Equal("SESSION_PROGRESS", (await Lab.App.FindCallAsync(id))!.Value.GetProperty("status").GetString());
        await Lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience);
        var before = await viewer.FiguresAsync();
        await viewer.UntilAsync(f => f.AudioPackets > before.AudioPackets + 25, Patience);
        await Lab.EndCallAsync(id);
        Assert.True(await phone.WaitForExitAsync(Patience) == 0, phone.Output);
        await Lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Hold_AndResume_ShowInTheStatusAndKeepTheStream()
    {
        await using var phone = await Sipp.StartAsync(SippDialogs.HoldAndResume, more: ["-m", "1"]);
        var id = PhoneLab.NewId("hold");
        await Lab.StartCallAsync(PhoneLab.DirectCall(id, phone.Port));
        await Lab.App.UntilStatusAsync(id, "HOLD", Patience);
        await Lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience);
        Assert.Single(Lab.App.Engine.Streams);
        var before = Lab.Packets(id);
        await Wait.ForAsync(() => Lab.Packets(id) > before + 25, Patience, () => "No sound after the resume");
        await Lab.EndCallAsync(id);
        Assert.True(await phone.WaitForExitAsync(Patience) == 0, phone.Output);
        await Lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task OptionsInfoAndUpdate_InsideTheCall_AreAnsweredAndTheByeEndsIt()
    {
        await using var phone = await Sipp.StartAsync(SippDialogs.AskInsideTheCall, more: ["-m", "1"]);
        var id = PhoneLab.NewId("ask");
        await Lab.StartCallAsync(PhoneLab.DirectCall(id, phone.Port));
        Assert.Equal("hung-up-there", await Lab.CauseOfEndAsync(id, "FINISH", Patience));
        Assert.True(await phone.WaitForExitAsync(Patience) == 0, phone.Output);
        await Lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Reinvite_WithANewMediaPort_MovesBothDirections()
    {
        using var moved = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await using var phone = await Sipp.StartAsync(SippDialogs.MoveMediaTo(((IPEndPoint)moved.Client.LocalEndPoint!).Port), more: ["-m", "1"]);
        var id = PhoneLab.NewId("move");
        await Lab.StartCallAsync(PhoneLab.DirectCall(id, phone.Port));
        await Lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience);
        using var limit = new CancellationTokenSource(Patience);
        var first = await moved.ReceiveAsync(limit.Token);
        Assert.Equal(0x80, first.Buffer[0]);
        var before = Lab.Packets(id);
        for (ushort i = 0; i < 50; i++)
        {
            await moved.SendAsync(SpeechPacket(i), first.RemoteEndPoint, limit.Token);
            await Task.Delay(20);
        }

        await Wait.ForAsync(() => Lab.Packets(id) >= before + 40, Patience, () => $"Of 50 packets from the new port {Lab.Packets(id) - before} were taken");
        Assert.Equal("ESTABLISHED", (await Lab.App.FindCallAsync(id))!.Value.GetProperty("status").GetString());
        await Lab.EndCallAsync(id);
        Assert.True(await phone.WaitForExitAsync(Patience) == 0, phone.Output);
        await Lab.AssertNothingLeftAsync();
    }

    // 20 ms of mu-law silence from a source that was not heard before.
    private static byte[] SpeechPacket(ushort sequence)
    {
        var packet = new byte[172];
        packet.AsSpan(12).Fill(0xFF);
        packet[0] = 0x80;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)sequence * 160);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), 0x12345678);
        return packet;
    }
}
