// Adobe RTMP 1.0 (December 2012): handshake section 5.2, chunks 5.3, set chunk size 5.4.1, connect 7.2.1.1. AMF0: Adobe, December 2007.
using System.Buffers.Binary;
using System.Text;

namespace SipStreamApp.Media.Push;

/// <summary>What a client says to be connected to an application of an RTMP server, and what the server answers. Pure.</summary>
internal static class RtmpMessages
{
    /// <summary>Size of C1, C2, S1 and S2, bytes.</summary>
    public const int Greeting = 1536;

    /// <summary>The one version there is.</summary>
    public const byte Version = 3;

    /// <summary>Message type of a command in AMF0.</summary>
    public const byte Command = 20;

    private const int ChunkSize = 128;

    /// <summary>C0 and C1: time and zeroes, then what nobody looks at.</summary>
    public static byte[] Hello()
    {
        var hello = new byte[1 + Greeting];
        hello[0] = Version;
        for (var i = 9; i < hello.Length; i++) hello[i] = (byte)(i * 31);
        return hello;
    }

    /// <summary>The command "connect" in chunks of the size both sides begin with.</summary>
    public static byte[] Connect(string app, string url)
    {
        var body = new List<byte>();
        Text(body, "connect", marker: true);
        Number(body, 1);
        body.Add(3); // Object
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("app", app), ("type", "nonprivate"), ("flashVer", "FMLE/3.0 (compatible; SipStreamApp)"), ("tcUrl", url)])
        {
            Text(body, name, marker: false);
            Text(body, value, marker: true);
        }

        body.AddRange([0, 0, 9]);

        // Format 0 on chunk stream 3; what follows the first chunk carries format 3.
        List<byte> wire = [3, 0, 0, 0, (byte)(body.Count >> 16), (byte)(body.Count >> 8), (byte)body.Count, Command, 0, 0, 0, 0];
        for (var at = 0; at < body.Count; at += ChunkSize)
        {
            if (at > 0) wire.Add(0xC3);
            wire.AddRange(body.Skip(at).Take(ChunkSize));
        }

        return [.. wire];
    }

    /// <summary>The name of a command ("_result"); empty where it is none.</summary>
    public static string NameOf(ReadOnlySpan<byte> command) => command is [2, ..] ? Text(command[1..]) : "";

    /// <summary>A text property of the objects in a command ("code"); null where there is none. Looked for, not walked to: one value is all that is wanted.</summary>
    public static string? Property(ReadOnlySpan<byte> command, string name)
    {
        Span<byte> key = stackalloc byte[2 + 32 + 1];
        key = key[..(2 + name.Length + 1)];
        BinaryPrimitives.WriteUInt16BigEndian(key, (ushort)name.Length);
        Encoding.ASCII.GetBytes(name, key[2..]);
        key[^1] = 2;
        return command.IndexOf(key) is >= 0 and var at ? Text(command[(at + key.Length)..]) : null;
    }

    private static string Text(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(bytes) is var length && bytes.Length >= 2 + length ? Encoding.UTF8.GetString(bytes.Slice(2, length)) : "";

    private static void Text(List<byte> to, string text, bool marker)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (marker) to.Add(2);
        to.AddRange([(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes]);
    }

    private static void Number(List<byte> to, double number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, number);
        to.AddRange([0, .. bytes]);
    }
}
