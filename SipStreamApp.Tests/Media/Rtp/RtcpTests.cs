using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using Xunit;

namespace SipStreamApp.Tests.Media.Rtp;

public class RtcpTests
{
    private static readonly Ssrc Us = new(0xAABB_CCDD);
    private static readonly Ssrc Them = new(0x0102_0304);

    [Fact]
    public void Compound_SenderReportCnameFeedbackBye_ReadsBack()
    {
        var buffer = new byte[512];
        var w = new RtcpWriter(buffer);
        var block = new ReportBlock(Them, 64, -5, 0x0001_FFFF, 33, 0x1234_5678, 65536);
        w.SenderReport(new SenderReport(Us, new NtpTime(0xE000_0000_8000_0000), 1000, 10, 2000), [block]);
        w.Cname(Us, "abc"u8);
        w.Pli(Us, Them);
        w.Fir(Us, Them, 7);
        w.Bye(Us);
        Assert.False(w.Failed);
        Assert.Equal(0, w.Length % 4);

        var r = new RtcpReader(w.Written);
        Assert.True(r.MoveNext());
        Assert.True(r.Current.TryGetSenderReport(out var report));
        Assert.Equal((Us, 1000u, 10u, 2000u), (report.Ssrc, report.RtpTimestamp, report.PacketCount, report.OctetCount));
        Assert.Equal(0x0000_8000u, report.Ntp.Middle);
        var blocks = r.Current.ReportBlocks;
        Assert.True(blocks.MoveNext());
        Assert.Equal(block, blocks.Current);
        Assert.False(blocks.MoveNext());
        Assert.True(r.MoveNext());
        Assert.True(r.Current.TryGetCname(out var named, out var cname));
        Assert.Equal(Us, named);
        Assert.Equal("abc"u8.ToArray(), cname.ToArray());
        Assert.True(r.MoveNext());
        Assert.True(RtcpFeedback.IsPli(r.Current, Them));
        Assert.False(RtcpFeedback.IsPli(r.Current, Us));
        Assert.True(r.MoveNext());
        Assert.True(RtcpFeedback.TryGetFir(r.Current, Them, out var number));
        Assert.Equal(7, number);
        Assert.True(r.MoveNext());
        Assert.True(r.Current.IsByeFor(Us));
        Assert.False(r.Current.IsByeFor(Them));
        Assert.False(r.MoveNext());
        Assert.False(r.Malformed);
    }

    [Fact]
    public void Writer_PacketThatDoesNotFit_IsLeftOutWhole()
    {
        var w = new RtcpWriter(new byte[20]);
        w.Pli(Us, Them);
        w.Fir(Us, Them, 1);
        Assert.True(w.Failed);
        Assert.Equal(12, w.Length);
    }

    [Fact]
    public void Reader_TruncatedSecondPacket_KeepsTheFirst()
    {
        var buffer = new byte[64];
        var w = new RtcpWriter(buffer);
        w.ReceiverReport(Us, []);
        w.Pli(Us, Them);
        var r = new RtcpReader(w.Written[..^4]);
        Assert.True(r.MoveNext());
        Assert.Equal(RtcpType.ReceiverReport, r.Current.Type);
        Assert.False(r.MoveNext());
        Assert.True(r.Malformed);
    }

    [Fact]
    public void ReportBlocks_CountLargerThanBody_YieldsWhatIsThere()
    {
        byte[] rr = [0x9F, 201, 0, 1, 1, 2, 3, 4];
        var r = new RtcpReader(rr);
        Assert.True(r.MoveNext());
        Assert.False(r.Current.ReportBlocks.MoveNext());
    }

    [Fact]
    public void Remb_OneEstimate_IsRead()
    {
        byte[] remb = [0x8F, 206, 0, 5, 0, 0, 0, 1, 0, 0, 0, 0, (byte)'R', (byte)'E', (byte)'M', (byte)'B', 1, 0x0B, 0xD0, 0x90, 0, 0, 0, 2];
        var r = new RtcpReader(remb);
        Assert.True(r.MoveNext());
        Assert.True(RtcpFeedback.TryGetRemb(r.Current, out var rate));
        Assert.Equal(0x3D090L << 2, rate);
    }

    [Fact]
    public void Nack_BuiltAcrossTheWrap_ReadsBackTheSameNumbers()
    {
        ushort[] missing = [65530, 65531, 65535, 0, 9, 10, 11, 28, 500];
        var control = new byte[64];
        var builder = new NackBuilder(control);
        foreach (var sequence in missing) Assert.True(builder.TryAdd(sequence));
        var read = new List<ushort>();
        foreach (var sequence in new NackReader(control.AsSpan(0, builder.Length))) read.Add(sequence);
        Assert.Equal(missing, read);
        Assert.Equal(16, builder.Length);
        var full = new NackBuilder(new byte[4]);
        Assert.True(full.TryAdd(1));
        Assert.False(full.TryAdd(100));
    }
}
