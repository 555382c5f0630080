using System.Diagnostics;
using System.Net;
using System.Text;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Media;

namespace SipStreamApp.Benchmarks.Load;

/// <summary>A WebRTC viewer by WHEP without a browser: real ICE, DTLS and SRTP on a socket of its own.</summary>
internal sealed class WhepViewer : IDisposable
{
    private const byte H264 = 103;

    private readonly FakeBrowser _browser = new();
    private readonly string _stream;
    private readonly bool _picture;
    private string _session = "";
    private long _since;

    private WhepViewer(string stream, bool picture) => (_stream, _picture) = (stream, picture);

    public static async Task<WhepViewer> WatchAsync(Rest rest, string stream, bool picture)
    {
        var viewer = new WhepViewer(stream, picture);
        try
        {
            using var offer = new StringContent(viewer._browser.Offer(), Encoding.UTF8, "application/sdp");
            using var answer = await rest.Http.PostAsync($"/whep/{stream}", offer);
            var text = await Rest.CheckedAsync(answer, $"POST /whep/{stream}", HttpStatusCode.Created);
            viewer._session = answer.Headers.Location!.ToString();
            await viewer._browser.ConnectAsync(text);
            viewer._since = Stopwatch.GetTimestamp();
            return viewer;
        }
        catch
        {
            viewer.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the first packets of all that was promised.</summary>
    public async Task UntilMediaAsync(TimeSpan limit)
    {
        var came = await Wait.UntilAsync(() => _browser.Packets is var all && all.Any(p => p.PayloadType != H264) && (!_picture || all.Any(p => p.PayloadType == H264)), limit, pollMs: 100);
        if (!came) throw new LoadException($"A viewer of {_stream} got {Figures()} within {limit.TotalSeconds} s");
    }

    /// <summary>The viewer goes, by DELETE or by closing its end; fails where too little came in the time it watched. Returns the packets.</summary>
    public async Task<int> LeaveAsync(Rest rest, bool politely)
    {
        var seconds = Stopwatch.GetElapsedTime(_since).TotalSeconds;
        var packets = _browser.Packets;
        // 50 packets a second of sound, 25 pictures of a packet or more: a fifth may be missing at the edges and on a busy machine.
        var wanted = Math.Max(0, seconds - 1) * 0.8;
        if (packets.Count(p => p.PayloadType != H264) < wanted * 50 || (_picture && packets.Count(p => p.PayloadType == H264) < wanted * 25))
            throw new LoadException($"A viewer of {_stream} got {Figures()} in {seconds:F1} s");
        if (_browser.NotAuthentic > 0) throw new LoadException($"A viewer of {_stream} got {_browser.NotAuthentic} packets that were not authentic");
        if (politely) await rest.DeleteAsync(_session);
        else _browser.CloseDtls();
        return packets.Count;
    }

    public void Dispose() => _browser.Dispose();

    private string Figures()
    {
        var packets = _browser.Packets;
        return $"{packets.Count(p => p.PayloadType != H264)} packets of sound, {packets.Count(p => p.PayloadType == H264)} of the picture";
    }
}
