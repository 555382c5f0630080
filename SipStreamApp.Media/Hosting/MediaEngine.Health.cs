using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Processes;

namespace SipStreamApp.Media.Hosting;

/// <summary>How quickly a loop of the engine answers.</summary>
/// <param name="Name">"sip", "rtp", "webrtc".</param>
/// <param name="Lag">How long work waits for its turn; null where it got none in time.</param>
public sealed record LoopProbe(string Name, TimeSpan? Lag);

// Looks at itself, for whoever asks whether all is well.
public sealed partial class MediaEngine
{
    /// <summary>Asks each loop for a turn; empty while the engine does not run.</summary>
    public async Task<IReadOnlyList<LoopProbe>> ProbeLoopsAsync(TimeSpan patience)
    {
        if (!_running) return [];
        IEnumerable<NetLoop> loops = [.. _calls.Loops, .. _viewers.Loop is { } webRtc ? [webRtc] : Array.Empty<NetLoop>()];
        return await Task.WhenAll(loops.Select(async loop => new LoopProbe(loop.Name, await loop.LagAsync(patience))));
    }

    /// <summary>Binds free RTP ports for a moment, at most so many pairs; null while the engine does not run.</summary>
    public RtpPortProbe? ProbeRtpPorts(int most) => _running ? _calls.ProbePorts(most) : null;

    /// <summary>Where SIP requests of this identity go ("udp:192.0.2.7:5060"), best first; empty where DNS knows no such server or the engine does not run.</summary>
    public async Task<IReadOnlyList<string>> FindServersAsync(SipIdentity identity, CancellationToken cancel)
    {
        if (!_running || _calls.Services is not { } services || !SipAddresses.TryFrom(identity, out var addresses, out _)) return [];
        var found = await services.Resolver.ResolveAsync(addresses.NextHop(addresses.Registrar), cancel);
        return [.. found.Select(f => f.ToString())];
    }

    /// <summary>Runs ffmpeg for each kind of work it is needed for.</summary>
    public Task<FfmpegProbe> ProbeFfmpegAsync(CancellationToken cancel) => FfmpegProbe.RunAsync(_live.Program, cancel);
}
