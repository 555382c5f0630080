using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Security.Links;

/// <summary>What a token says.</summary>
/// <param name="Id">The link.</param>
/// <param name="Stream">The stream it opens.</param>
/// <param name="ExpiresAt">Until when.</param>
internal sealed record LinkClaim(string Id, StreamName Stream, DateTimeOffset ExpiresAt);

/// <summary>
/// Writes and reads the tokens of play links: <c>id.expiry.stream.mac</c>, where mac is HMAC-SHA256 over what stands before it, base64url.
/// Stream names may hold dots, so the mac is what follows the last one and the stream what is left. Pure.
/// </summary>
internal sealed class LinkSigner(byte[] key)
{
    private const int MaxLength = 200;

    /// <summary>The key of this installation; made at the first use. Whoever has it can write links.</summary>
    public static LinkSigner FromFile(string path)
    {
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: 32 } known) return new LinkSigner(known);
        var key = RandomNumberGenerator.GetBytes(32);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(key);
        return new LinkSigner(key);
    }

    public string Write(LinkClaim claim)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{claim.Id}.{claim.ExpiresAt.ToUnixTimeSeconds()}.{claim.Stream.Value}");
        return $"{text}.{Mac(text)}";
    }

    /// <summary>What the token says, where this installation wrote it; null for anything else. Expiry is not looked at.</summary>
    public LinkClaim? Read(string token)
    {
        if (token.Length > MaxLength || token.LastIndexOf('.') is not (> 0 and var end)) return null;
        var text = token[..end];
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Mac(text)), Encoding.UTF8.GetBytes(token[(end + 1)..]))) return null;
        var parts = text.Split('.', 3);
        return parts.Length == 3 && StreamName.TryParse(parts[2], out var stream)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800
            ? new LinkClaim(parts[0], stream, DateTimeOffset.FromUnixTimeSeconds(seconds))
            : null;
    }

    private string Mac(string text) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
}
