using System.Buffers;
using SipStreamApp.Media.Mp4;
using Xunit;

namespace SipStreamApp.Tests.Media.Mp4;

public class ScannerTests
{
    private static readonly byte[] Init = InitOf(Mp4Kit.H264, Mp4Kit.Opus);
    private static readonly (byte[] File, List<FragmentInfo> Infos) Small = SmallFile();

    [Fact]
    public void Scan_WholeFile_TellsTracksAndDuration()
    {
        var scan = Mp4FragmentScanner.Scan(Small.File);
        Assert.Equal((Small.File.Length, Small.Infos.Count, true), ((int)scan.WholeLength, scan.Fragments, scan.HasInit));
        Assert.Equal(["1 avc1 True 90000 12", "2 Opus False 48000 20"],
            scan.Tracks.Select(t => $"{t.Id} {t.SampleEntry} {t.IsVideo} {t.Timescale} {t.Samples}"));
        Assert.Equal((Mp4Kit.Ms(480), Mp4Kit.Ms(400), Mp4Kit.Ms(480)), (scan.Tracks[0].End, scan.Tracks[1].End, scan.Duration));
    }

    [Fact]
    public void Scan_TruncatedAtEveryPosition_EndsAtTheLastWholeFragment()
    {
        var ends = new List<int> { 0, Init.Length };
        foreach (var info in Small.Infos) ends.Add(ends[^1] + info.Length);
        for (var length = 0; length <= Small.File.Length; length++)
        {
            var scan = Mp4FragmentScanner.Scan(Small.File.AsSpan(0, length));
            var whole = ends.FindLastIndex(e => e <= length);
            if ((ends[whole], Math.Max(0, whole - 1)) != ((int)scan.WholeLength, scan.Fragments)) Assert.Fail($"At {length}: {scan.WholeLength}");
        }
    }

    [Fact]
    public void Scan_ZerosOrGarbageBehind_LeavesThemOut()
    {
        foreach (var tail in (byte[][])[new byte[5000], [.. Enumerable.Repeat((byte)0xA5, 999)], [0, 0, 0, 8, .. "free"u8, 0, 0, 0, 0, .. "mdat"u8]])
            Assert.InRange(Mp4FragmentScanner.Scan([.. Small.File, .. tail]).WholeLength, Small.File.Length, Small.File.Length);
    }

    [Fact]
    public void Scan_IndexAtTheEnd_IsWhole()
    {
        var output = new ArrayBufferWriter<byte>();
        var samples = Mp4Kit.ClipVideo(150).Concat(Mp4Kit.ClipOpus(300));
        output.Write(Mp4Kit.File([Mp4Kit.H264, Mp4Kit.Opus], samples, FragmentOptions.File(TimeSpan.FromSeconds(2)), out var infos));
        var index = new Mp4Index();
        long at = Init.Length;
        foreach (var info in infos)
        {
            index.Add(info, at);
            at += info.Length;
        }

        index.Write(output);
        Assert.Equal(output.WrittenCount, Mp4FragmentScanner.Scan(output.WrittenSpan).WholeLength);
        Assert.Equal("", Mp4Kit.Decode(output.WrittenSpan.ToArray()));
    }

    [Fact]
    public void Scan_BigFile_AsksForHeadsAndTablesOnly()
    {
        var file = Mp4Kit.File([Mp4Kit.H264], Mp4Kit.ClipVideo(200), FragmentOptions.File(TimeSpan.FromSeconds(1)), out _);
        var scanner = new Mp4FragmentScanner(file.Length);
        var read = 0;
        while (scanner.TryGetRequest(out var offset, out var count))
        {
            read += count;
            scanner.Receive(file.AsSpan((int)offset, count));
        }

        Assert.Equal(file.Length, scanner.WholeLength);
        Assert.InRange(read, 1, file.Length / 20);
    }

    [Fact]
    public void Scan_MutatedBytes_NeverThrowsOrReachesPastTheEnd()
    {
        var random = new Random(7);
        var copy = new byte[Small.File.Length];
        for (var round = 0; round < 6000; round++)
        {
            Small.File.CopyTo(copy, 0);
            for (var n = random.Next(1, 12); n > 0; n--)
            {
                // Heads and tables are where it hurts, and they are a small part of the file.
                var at = random.Next(3) == 0 ? random.Next(copy.Length) : random.Next(Init.Length + 300);
                copy[at] = random.Next(4) switch { 0 => 0xFF, 1 => 0, 2 => (byte)(copy[at] ^ (1 << random.Next(8))), _ => (byte)random.Next(256) };
            }

            var scan = Mp4FragmentScanner.Scan(copy.AsSpan(0, random.Next(4) == 0 ? random.Next(copy.Length) : copy.Length));
            Assert.InRange(scan.WholeLength, 0, copy.Length);
            Assert.True(scan.Duration >= TimeSpan.Zero);
        }

        for (var round = 0; round < 2000; round++)
        {
            random.NextBytes(copy);
            Assert.InRange(Mp4FragmentScanner.Scan(copy.AsSpan(0, random.Next(200))).WholeLength, 0, 200);
        }
    }

    private static byte[] InitOf(params Mp4Track[] tracks)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(Mp4Init.TryWrite(tracks, output));
        return output.WrittenSpan.ToArray();
    }

    private static (byte[], List<FragmentInfo>) SmallFile()
    {
        // The real clip is too big to try every position.
        var video = Enumerable.Range(0, 12).Select(i => new TestSample(Mp4Kit.Video, [0, 0, 0, 3, 0x41, (byte)i, 7], Mp4Kit.Ms(40 * i), i % 6 == 0));
        var audio = Mp4Kit.ClipOpus(20).Select(s => s with { Data = [0xF8, 0xFF, 0xFE] });
        var file = Mp4Kit.File([Mp4Kit.H264, Mp4Kit.Opus], video.Concat(audio), FragmentOptions.File(Mp4Kit.Ms(100)), out var infos);
        return (file, infos);
    }
}
