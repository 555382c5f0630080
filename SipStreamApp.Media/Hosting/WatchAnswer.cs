namespace SipStreamApp.Media.Hosting;

/// <summary>The answer to a WHEP offer.</summary>
/// <param name="SessionId">Names the viewer's session; unguessable.</param>
/// <param name="Sdp">The SDP answer.</param>
public sealed record WatchAnswer(string SessionId, string Sdp);

/// <summary>The engine at one moment.</summary>
/// <param name="Running">False before the start and after the stop.</param>
/// <param name="SipEndPoint">Where SIP listens ("0.0.0.0:5062").</param>
/// <param name="SipPort">The SIP port really bound.</param>
/// <param name="WebRtcPort">The WebRTC port really bound.</param>
/// <param name="Calls">Calls that are up.</param>
/// <param name="Streams">Streams reserved or live.</param>
/// <param name="Viewers">WebRTC viewers.</param>
public sealed record EngineSnapshot(bool Running, string SipEndPoint, int SipPort, int WebRtcPort, int Calls, int Streams, int Viewers);
