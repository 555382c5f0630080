// RFC 8445 section 5.3: ufrag and password, from the ice-chars alphabet (letters, digits, '+', '/').
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SipStreamApp.Media.WebRtc.Ice;

/// <summary>One side's user fragment and password.</summary>
internal sealed record IceCredentials(string Ufrag, string Password)
{
    /// <summary>Our fragments are exactly 8 characters, so that one is also a 64-bit key: the demultiplexer looks it up without a string.</summary>
    public const int LocalUfragLength = 8;

    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>Fresh ones: 48 random bits name the session, 144 bits guard it.</summary>
    public static IceCredentials New() => new(RandomNumberGenerator.GetString(IceChars, LocalUfragLength), RandomNumberGenerator.GetString(IceChars, 24));

    /// <summary>The key of one of our own fragments.</summary>
    public static ulong KeyOf(string ufrag)
    {
        Span<byte> bytes = stackalloc byte[LocalUfragLength];
        Encoding.ASCII.GetBytes(ufrag, bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>The key in a USERNAME of the form "ours:theirs". False where it cannot be for us.</summary>
    public static bool TryKeyOfUsername(ReadOnlySpan<byte> username, out ulong key)
    {
        key = 0;
        if (username.Length <= LocalUfragLength || username[LocalUfragLength] != (byte)':') return false;
        key = BinaryPrimitives.ReadUInt64BigEndian(username);
        return true;
    }
}
