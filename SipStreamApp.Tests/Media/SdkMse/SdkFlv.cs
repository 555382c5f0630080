using System.Buffers.Binary;

namespace SipStreamApp.Tests.Media.SdkMse;

/// <summary>A packet of the Web SDK's media socket.</summary>
internal sealed record SdkPiece(byte Type, int Ms, byte[] Body)
{
    public bool IsVideo => Type == 9;

    /// <summary>The kind byte: 0 for a configuration.</summary>
    public bool IsConfig => Body[IsVideo ? 1 : 0] == 0;

    public bool IsKey => IsVideo && Body[0] == 0x17;
}

/// <summary>Reads the media socket's messages by the letter of their description, and makes FLV of them, which every tool reads.</summary>
internal static class SdkFlv
{
    private static readonly byte[] Head = [(byte)'F', (byte)'L', (byte)'V', 1, 5, 0, 0, 0, 9, 0, 0, 0, 0];

    public static IEnumerable<SdkPiece> Read(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var head = message.Span[at..];
            var (type, ms, length) = (head[0], BinaryPrimitives.ReadInt32BigEndian(head[1..]), BinaryPrimitives.ReadInt32BigEndian(head[5..]));
            yield return new SdkPiece(type, ms, message.Slice(at + 9, length).ToArray());
            at += 9 + length;
        }
    }

    /// <summary>One file for each picture format, as a player makes one init segment for each.</summary>
    public static IReadOnlyList<byte[]> Files(IReadOnlyList<SdkPiece> pieces)
    {
        List<MemoryStream> files = [];
        byte[]? config = null;
        SdkPiece? sound = null;
        foreach (var piece in pieces)
        {
            var isOther = piece is { IsVideo: true, IsConfig: true } && (config is null || !piece.Body.AsSpan().SequenceEqual(config));
            if (files.Count == 0 || (isOther && config is not null))
            {
                files.Add(new MemoryStream());
                files[^1].Write(Head);
                if (sound is not null) Add(files[^1], sound);
            }

            if (isOther) config = piece.Body;
            if (piece is { IsVideo: false, IsConfig: true }) sound = piece;
            Add(files[^1], piece);
        }

        return [.. files.Select(f => f.ToArray())];
    }

    private static void Add(MemoryStream file, SdkPiece piece)
    {
        byte[] body = piece.IsVideo ? piece.Body : [0xAF, .. piece.Body];
        byte[] tag =
        [
            piece.Type, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, (byte)(piece.Ms >> 16), (byte)(piece.Ms >> 8), (byte)piece.Ms, (byte)(piece.Ms >> 24),
            0, 0, 0, .. body,
        ];
        file.Write(tag);
        Span<byte> size = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, tag.Length);
        file.Write(size);
    }
}
