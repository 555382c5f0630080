using System.Buffers;
using System.Net.WebSockets;
using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Driver;

/// <summary>What one read brought: a message, a reason to close, or the end (neither).</summary>
/// <param name="Message">The message.</param>
/// <param name="Problem">Why the connection must be closed.</param>
/// <param name="CloseCode">WebSocket close code that goes with it (RFC 6455 section 7.4.1).</param>
internal readonly record struct Frame(ClientMessage? Message, string? Problem = null, int CloseCode = 0);

/// <summary>Puts the frames of a client's WebSocket together; one reader per socket, not thread-safe.</summary>
internal sealed class FrameReader(WebSocket socket) : IDisposable
{
    private const int FirstSize = 8 * 1024;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);

    /// <summary>The next text message. Binary frames are passed over, since clients send none.</summary>
    public async Task<Frame> ReadAsync(CancellationToken cancel)
    {
        var length = 0;
        while (true)
        {
            if (length == _buffer.Length && !Grow(length)) return new Frame(null, $"a frame may have {MessageReader.MaxBytes} bytes", 1009);
            var got = await socket.ReceiveAsync(_buffer.AsMemory(length), cancel);
            if (got.MessageType == WebSocketMessageType.Close) return default;
            length += got.Count;
            if (length > MessageReader.MaxBytes) return new Frame(null, $"a frame may have {MessageReader.MaxBytes} bytes", 1009);
            if (!got.EndOfMessage) continue;
            if (got.MessageType == WebSocketMessageType.Text)
                return MessageReader.Read(_buffer.AsSpan(0, length), out var problem) is { } message ? new Frame(message) : new Frame(null, problem, 1007);
            length = 0;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _buffer, []), clearArray: true);

    private bool Grow(int length)
    {
        if (length > MessageReader.MaxBytes) return false;
        var larger = ArrayPool<byte>.Shared.Rent(2 * length);
        _buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = larger;
        return true;
    }
}
