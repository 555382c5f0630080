using System.Text;

namespace SipStreamApp.Tests.Kit.Peers;

/// <summary>What a server of a test says to a request that came by UDP.</summary>
internal static class SipReply
{
    /// <summary>200 with the request's own Contact, as a registrar's; its "expires" becomes <paramref name="expires"/> seconds where that is given.</summary>
    public static byte[] Ok(ReadOnlySpan<byte> request, int? expires = null)
    {
        var lines = Encoding.ASCII.GetString(request).Split("\r\n").Where(l => l.Split(':')[0] is "Via" or "From" or "Call-ID" or "CSeq" or "Contact" or "To").Select(l => l switch
        {
            _ when l.StartsWith("To:", StringComparison.Ordinal) => l + ";tag=r",
            _ when expires is { } seconds && l.IndexOf(";expires=", StringComparison.Ordinal) is > 0 and var at => $"{l[..at]};expires={seconds}",
            _ => l,
        });
        return Encoding.ASCII.GetBytes("SIP/2.0 200 OK\r\n" + string.Join("\r\n", lines) + "\r\nContent-Length: 0\r\n\r\n");
    }
}
