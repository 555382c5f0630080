using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SipStreamApp.Webhook;

/// <summary>Signs a delivery: HMAC-SHA256 over the time, a dot and the body. Pure.</summary>
internal static class WebhookSignature
{
    /// <summary>Name of the header.</summary>
    public const string Header = "X-SipStreamApp-Signature";

    /// <summary>Value of the header: <c>t=seconds since 1970,v1=hex</c>. The time is signed too, so that an old delivery cannot be played again.</summary>
    public static string Sign(string secret, DateTimeOffset time, ReadOnlySpan<byte> body)
    {
        var seconds = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(seconds), (byte)'.', .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }
}
