using System.Text.Json;
using Microsoft.Playwright;

namespace SipStreamApp.Tests.Kit.Browsers;

/// <summary>What a publishing page says of itself.</summary>
/// <param name="State">connectionState of its RTCPeerConnection.</param>
/// <param name="Error">What the server answered where it refused; else null.</param>
/// <param name="Heard">Loudest level of some pitches in what it receives, dB, by Hz.</param>
/// <param name="TargetKbps">Bit rate its picture encoder aims at.</param>
/// <param name="AvailableKbps">What it believes the line carries.</param>
/// <param name="SentPackets">Picture packets sent.</param>
/// <param name="Retransmitted">Of these, sent again.</param>
/// <param name="Nacks">NACKs it got.</param>
/// <param name="Plis">Keyframe requests it got.</param>
/// <param name="Keyframes">Keyframes it made.</param>
/// <param name="FramesSent">Pictures it sent.</param>
/// <param name="FramesDecoded">Pictures it received and decoded.</param>
internal sealed record PublishFigures(
    string State, string? Error, Dictionary<string, double> Heard, double TargetKbps, double AvailableKbps, int SentPackets, int Retransmitted, int Nacks,
    int Plis, int Keyframes, int FramesSent, int FramesDecoded)
{
    public double Level(int hertz) => Heard.GetValueOrDefault($"{hertz}", -200);
}

/// <summary>How a page publishes.</summary>
internal sealed record PublishOptions
{
    /// <summary>"device": the browser's fake camera and microphone. "canvas": lamp and beep in step, and noise.</summary>
    public string Source { get; init; } = "device";

    public string Direction { get; init; } = "sendonly";

    /// <summary>The only picture codec to offer, "H264" or "VP8"; empty: all.</summary>
    public string Codec { get; init; } = "";

    public int? RelayPort { get; init; }

    /// <summary>Ask the device for a picture.</summary>
    public bool Video { get; init; } = true;

    public int BeepHz { get; init; } = 1000;
}

/// <summary>A page in a real browser that sends camera and microphone: a bare WHIP client that knows nothing of our own pages.</summary>
internal sealed class PublishPage(IPage page, string server) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public IPage Page => page;

    /// <summary>Opens a page whose camera is on and whose connection is not.</summary>
    public static async Task<PublishPage> OpenAsync(Chromium chromium, string server, PublishOptions? options = null)
    {
        options ??= new PublishOptions();
        var context = await chromium.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        // The fake camera needs an origin that is trusted; a canvas does not.
        await page.GotoAsync(server == "about:blank" ? server : server + "/openapi/v1.json");
        await page.EvaluateAsync("() => { document.body.innerHTML = '<video id=v autoplay playsinline></video>'; }");
        await page.EvaluateAsync(PublishScript.Prepare, new
        {
            source = options.Source, direction = options.Direction, codec = options.Codec, relayPort = options.RelayPort, video = options.Video, beepHz = options.BeepHz,
        });
        return new PublishPage(page, server);
    }

    /// <summary>Publishes by WHIP; returns the HTTP status.</summary>
    public Task<int> WhipAsync(string stream) => page.EvaluateAsync<int>("url => window.publisher.whip(url)", $"{server}/whip/{stream}");

    public Task<string> OfferAsync() => page.EvaluateAsync<string>("() => window.publisher.offer()");

    public Task AcceptAsync(string answer) => page.EvaluateAsync("sdp => window.publisher.accept(sdp)", answer);

    /// <summary>Answers an offer of the server.</summary>
    public Task<string> AnswerAsync(string offer) => page.EvaluateAsync<string>("sdp => window.publisher.answer(sdp)", offer);

    public async Task<PublishFigures> FiguresAsync() =>
        JsonSerializer.Deserialize<PublishFigures>(await page.EvaluateAsync<string>("() => window.publisher.figures()"), Json)!;

    /// <summary>Polls until the figures please; fails the test with them otherwise.</summary>
    public async Task<PublishFigures> UntilAsync(Func<PublishFigures, bool> pleased, TimeSpan limit)
    {
        var last = await FiguresAsync();
        var ok = await Wait.UntilAsync(async () => pleased(last = await FiguresAsync()), limit);
        Xunit.Assert.True(ok, $"Not within {limit}: {last} heard {string.Join(' ', last.Heard)}");
        return last;
    }

    public Task CloseConnectionAsync() => page.EvaluateAsync("() => window.publisher.pc.close()");

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();
}
