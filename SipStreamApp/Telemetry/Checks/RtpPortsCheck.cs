using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>Ports of the RTP range can be bound, and there are enough of them for the calls that are allowed.</summary>
internal sealed class RtpPortsCheck(MediaEngine engine) : IServerCheck
{
    // Enough to find a program that sits in the range; the pairs are bound one after the other.
    private const int MostTried = 512;

    public string Id => "rtp-ports";

    public string Title => "RTP ports";

    public Task<CheckResult> RunAsync(CancellationToken cancel) => Task.FromResult(Judge());

    private CheckResult Judge()
    {
        if (engine.ProbeRtpPorts(MostTried) is not { } probe) return CheckResult.Failed("not running", "The media engine is not running.", "The log of the server says why.");
        var figure = $"{probe.Range}: {probe.Pairs} pairs, {probe.InUse} in use, {probe.Tried} tried";
        if (probe.Tried == 0) return CheckResult.Failed(figure, "No pair of the range is free: new calls get no sound and no picture.", "Widen Media:RtpPorts, or wait until calls end.");
        if (probe.Problem is { } problem) return CheckResult.Failed(figure, $"None of the free ports can be bound: {problem}", "Another program holds the range, or the system forbids it. Choose another range with Media:RtpPorts.");
        if (probe.Foreign.Count > 0)
            return CheckResult.Warning($"{figure}, {probe.Foreign.Count} held by others", $"Something else holds ports of the range, such as {probe.Foreign[0]} or its neighbour: another program, or our own SIP or WebRTC port. Calls pass them over.", "Choose a range of its own with Media:RtpPorts.");

        // Sound and picture take a pair each.
        return probe.Pairs < engine.Options.Limits.Calls * 2
            ? CheckResult.Note(figure, $"The range holds {probe.Pairs / 2} calls with sound and picture; Limits:Calls allows {engine.Options.Limits.Calls}.", "Widen Media:RtpPorts if you want that many calls at once.")
            : CheckResult.Good(figure);
    }
}
