namespace SipStreamApp.Benchmarks.Load;

/// <summary>What one call is made of. A slot always makes the same kind, so that every round loads the product alike.</summary>
/// <param name="Callee">Who answers.</param>
/// <param name="Viewers">WebRTC viewers, each with ICE, DTLS and SRTP of its own.</param>
/// <param name="Mse">One reader by MSE.</param>
/// <param name="Hls">One reader by HLS.</param>
/// <param name="Record">Recorded; the file is fetched, looked at and deleted afterwards.</param>
internal sealed record CallPlan(Callee Callee, int Viewers, bool Mse, bool Hls, bool Record)
{
    /// <summary>Half of the calls end their viewers by HTTP and their recordings by hanging up, the other half the other way.</summary>
    public bool Politely { get; init; }

    /// <summary>Of twenty: five by sipp, five with a picture; two with three viewers; two by HLS, two by MSE; four recorded.</summary>
    public static CallPlan ForSoak(int slot) => new(
        (slot % 4) switch { 0 => Callee.Sipp, 1 => Callee.Picture, _ => Callee.Sound }, Viewers: slot % 10 == 0 ? 3 : 1, Mse: slot % 10 == 5, Hls: slot % 10 == 1, Record: slot % 5 == 2)
    {
        Politely = slot % 2 == 0,
    };

    /// <summary>Of twenty-five: each fourth by sipp, each fourth with a picture; five with a viewer; one by MSE; one recorded.</summary>
    public static CallPlan ForLeak(int call) => new(
        (call % 4) switch { 0 => Callee.Sipp, 1 => Callee.Picture, _ => Callee.Sound }, Viewers: call % 5 == 0 ? 1 : 0, Mse: call % 25 == 6, Hls: false, Record: call % 25 == 17)
    {
        Politely = call / 5 % 2 == 0,
    };
}
