using System.Net;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

public class HlsSnapshotTests
{
    [Fact]
    public async Task Snapshot_OfACall_IsAJpegThatStaysForAWhile()
    {
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("s1");
        await app.UntilStatusAsync("s1", "ESTABLISHED", TimeSpan.FromSeconds(10));
        var asked = Enumerable.Range(0, 4).Select(_ => app.Http.GetByteArrayAsync("/streams/s1/snapshot.jpg")).ToArray();
        var first = await asked[0];
        Assert.Equal([0xFF, 0xD8, 0xFF], first[..3]);
        Assert.True(first.Length > 2000, $"{first.Length} bytes");
        foreach (var other in asked) Assert.Equal(first, await other);
        using var posted = await app.PostAsync("/stream/snapshot", new { streamName = "s1" });
        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (posted.StatusCode, posted.Content.Headers.ContentType?.MediaType));
        Assert.Equal(first, await posted.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Snapshot_WithoutAStreamOrAPicture_SaysSo()
    {
        await using var app = await RunningApp.StartAsync();
        using var unknown = await app.Http.GetAsync("/streams/nobody/snapshot.jpg");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var nameless = await app.PostAsync("/stream/snapshot", new { });
        Assert.Equal(HttpStatusCode.InternalServerError, nameless.StatusCode);
        await app.CallDemoAsync("s1", video: false);
        await app.UntilStatusAsync("s1", "ESTABLISHED", TimeSpan.FromSeconds(10));
        using var picture = await app.Http.GetAsync("/streams/s1/snapshot.jpg");
        Assert.Equal(HttpStatusCode.NotFound, picture.StatusCode);
        Assert.Contains("no-picture", await picture.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
