using SipStreamApp.Media.Push;
using Xunit;

namespace SipStreamApp.Tests.Media.Push;

public class SenderProgressTests
{
    [Fact]
    public void Size_WhereFfmpegCounts_IsWhatItSays()
    {
        var progress = new SenderProgress();
        progress.Fed(5000);
        foreach (var line in (string[])["frame=1", "total_size=0", "out_time_us=1000", "total_size=900", "out_time_us=2000", "total_size=900", "out_time_us=3000", "total_size=1800"]) progress.Take(line);
        Assert.Equal((1800, 2), (progress.Size, progress.Reports));
    }

    // What ffmpeg 5.1 prints of an RTSP output.
    [Fact]
    public void Size_WhereFfmpegDoesNotCount_IsWhatItTookWhileItWentOn()
    {
        var progress = new SenderProgress();
        progress.Fed(1000);
        foreach (var line in (string[])["total_size=N/A", "out_time_us=40000"]) progress.Take(line);
        Assert.Equal((1000, 1), (progress.Size, progress.Reports));
        progress.Fed(500);
        foreach (var line in (string[])["total_size=N/A", "out_time_us=40000"]) progress.Take(line);
        Assert.Equal((1000, 1), (progress.Size, progress.Reports));
        foreach (var line in (string[])["total_size=N/A", "out_time_us=80000"]) progress.Take(line);
        Assert.Equal((1500, 2), (progress.Size, progress.Reports));
    }
}
