using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace SipStreamApp.Tests.EndToEnd.CallDetail;

/// <summary>
/// A SIP server that refuses every call with the status its number names: sip:486@… is busy. Words of its own to a number go before the empty line.
/// Nothing of the program's own SIP is in it.
/// </summary>
internal sealed partial class RefusingServer : IDisposable
{
    private readonly UdpClient _udp = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly IReadOnlyDictionary<string, string> _headers;

    /// <param name="headers">Number to further headers; {0} stands for this server's address.</param>
    public RefusingServer(IReadOnlyDictionary<string, string> headers)
    {
        _headers = headers;
        _ = AnswerAsync();
    }

    public int Port => ((IPEndPoint)_udp.Client.LocalEndPoint!).Port;

    public void Dispose() => _udp.Dispose();

    private async Task AnswerAsync()
    {
        try
        {
            for (;;)
            {
                var datagram = await _udp.ReceiveAsync();
                if (Answer(Encoding.UTF8.GetString(datagram.Buffer)) is { } answer) await _udp.SendAsync(Encoding.UTF8.GetBytes(answer), datagram.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            return; // the test is over
        }
    }

    private string? Answer(string request)
    {
        if (InviteTo().Match(request) is not { Success: true } invite) return null;
        var number = invite.Groups["number"].Value;
        var copied = string.Concat(Copied().Matches(request).Select(m => m.Value.StartsWith("To:", StringComparison.OrdinalIgnoreCase) ? $"{m.Value.TrimEnd()};tag=r1\r\n" : m.Value));
        var more = _headers.TryGetValue(number, out var header) ? string.Format(System.Globalization.CultureInfo.InvariantCulture, header, $"127.0.0.1:{Port}") + "\r\n" : "";
        return $"SIP/2.0 {number[..3]} Refused\r\n{copied}{more}Content-Length: 0\r\n\r\n";
    }

    [GeneratedRegex(@"^INVITE sips?:(?<number>\d{3}[^@]*)@")]
    private static partial Regex InviteTo();

    [GeneratedRegex(@"^(?:Via|From|To|Call-ID|CSeq):[^\r\n]*\r\n", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Copied();
}
