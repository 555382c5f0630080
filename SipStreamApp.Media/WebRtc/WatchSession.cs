namespace SipStreamApp.Media.WebRtc;

/// <summary>The answer to a viewer's offer.</summary>
/// <param name="SessionId">Names the session; unguessable.</param>
/// <param name="Sdp">The SDP answer.</param>
internal sealed record WatchSession(string SessionId, string Sdp);

/// <summary>Figures of a host.</summary>
/// <param name="Port">The UDP port really bound; 0 while not running.</param>
/// <param name="Viewers">Sessions that exist.</param>
/// <param name="WatchedStreams">Streams somebody watches.</param>
/// <param name="StrayDatagrams">Datagrams that belonged to no session.</param>
/// <param name="DatagramsOut">Datagrams sent.</param>
/// <param name="SendDropped">Datagrams the system did not take, because its buffer was full or there was no route.</param>
internal sealed record WebRtcCounts(int Port, int Viewers, int WatchedStreams, long StrayDatagrams, long DatagramsOut, long SendDropped);
