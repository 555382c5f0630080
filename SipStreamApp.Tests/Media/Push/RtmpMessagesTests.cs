using System.Text;
using SipStreamApp.Media.Push;
using Xunit;

namespace SipStreamApp.Tests.Media.Push;

/// <summary>The few words of RTMP that try a server, against bytes written down from the specification and what a server sends.</summary>
public class RtmpMessagesTests
{
    // Window 2,500,000, bandwidth, chunk size 4096, then _result with what nginx says.
    private static readonly byte[] Answer =
    [
        2, 0, 0, 0, 0, 0, 4, 5, 0, 0, 0, 0, 0, 0x26, 0x25, 0xA0,
        2, 0, 0, 0, 0, 0, 5, 6, 0, 0, 0, 0, 0, 0x26, 0x25, 0xA0, 2,
        2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0x10, 0,
        3, 0, 0, 0, 0, 0, (byte)Result.Length, 20, 0, 0, 0, 0, .. Result,
    ];

    private static byte[] Result =>
        [2, 0, 7, .. "_result"u8, 0, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 3, 0, 5, .. "level"u8, 2, 0, 6, .. "status"u8, 0, 4, .. "code"u8, 2, 0, 29, .. "NetConnection.Connect.Success"u8, 0, 0, 9];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Chunks_InPiecesOfAnySize_GiveTheCommand(int piece)
    {
        var chunks = new RtmpChunks();
        var taken = new List<(byte Type, byte[] Message)>();
        foreach (var some in Answer.Chunk(piece))
        {
            chunks.Add(some);
            while (chunks.TryTake(out var type, out var message)) taken.Add((type, message));
        }

        Assert.False(chunks.IsBroken);
        Assert.Equal([5, 6, 20], taken.Select(t => (int)t.Type));
        Assert.Equal("_result", RtmpMessages.NameOf(taken[2].Message));
        Assert.Equal("NetConnection.Connect.Success", RtmpMessages.Property(taken[2].Message, "code"));
        Assert.Null(RtmpMessages.Property(taken[2].Message, "description"));
    }

    [Fact]
    public void Connect_LongerThanAChunk_IsReadByTheSameRules()
    {
        var app = new string('a', 300);
        var chunks = new RtmpChunks();
        chunks.Add(RtmpMessages.Connect(app, "rtmp://127.0.0.1/" + app));

        Assert.True(chunks.TryTake(out var type, out var message));
        Assert.Equal((RtmpMessages.Command, "connect"), (type, RtmpMessages.NameOf(message)));
        Assert.Equal((app, "rtmp://127.0.0.1/" + app), (RtmpMessages.Property(message, "app"), RtmpMessages.Property(message, "tcUrl")));
        Assert.Equal([0, 0, 9], message[^3..]);
    }

    [Fact]
    public void Chunks_OfSomethingElse_BreakOrWaitAndNeverThrow()
    {
        var random = new Random(11);
        for (var run = 0; run < 2000; run++)
        {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            var chunks = new RtmpChunks();
            chunks.Add(bytes);
            while (chunks.TryTake(out _, out var message)) _ = RtmpMessages.NameOf(message) + RtmpMessages.Property(message, "code");
        }

        var http = new RtmpChunks();
        http.Add(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n"));
        Assert.False(http.TryTake(out _, out _));
        Assert.True(http.IsBroken);
    }
}
