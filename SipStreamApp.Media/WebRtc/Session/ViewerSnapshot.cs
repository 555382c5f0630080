using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Session;

/// <summary>A viewer at one moment.</summary>
/// <param name="SessionId">Names the session; whoever knows it can end it.</param>
/// <param name="Stream">What is watched.</param>
/// <param name="RemoteAddress">Where media goes ("192.0.2.7:50123"); empty before the first check.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Since">When it was made (UTC).</param>
/// <param name="RoundTrip">Network round trip by RTCP; null until measured.</param>
/// <param name="LossPercent">Packets lost on the way, by the last receiver report, 0-100; the worse of the two tracks.</param>
/// <param name="PacketsSent">RTP packets, resends not counted.</param>
/// <param name="BytesSent">RTP payload bytes, resends not counted.</param>
/// <param name="Nacks">Packets the browser asked for again.</param>
/// <param name="Resent">Of these, packets that were sent again.</param>
/// <param name="Plis">Keyframes the browser asked for.</param>
/// <param name="SrtpProfile">Name of the protection profile; empty before the handshake.</param>
public sealed record ViewerSnapshot(
    string SessionId, StreamName Stream, string RemoteAddress, ViewerState State, DateTimeOffset Since, TimeSpan? RoundTrip, double LossPercent,
    long PacketsSent, long BytesSent, long Nacks, long Resent, long Plis, string SrtpProfile);
