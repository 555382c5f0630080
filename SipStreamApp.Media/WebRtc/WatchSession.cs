using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Session;

namespace SipStreamApp.Media.WebRtc;

/// <summary>The answer to a browser's offer, or our offer to it.</summary>
/// <param name="SessionId">Names the session; unguessable.</param>
/// <param name="Sdp">The SDP.</param>
internal sealed record WatchSession(string SessionId, string Sdp);

/// <summary>What a browser is to send.</summary>
/// <param name="Publisher">Where it goes. It ends with the session; where none comes to be, with the one who asked.</param>
/// <param name="Frames">Buffers for its frames.</param>
/// <param name="Audio">Sound formats that are taken, preferred first; empty: none.</param>
/// <param name="Video">Picture formats that are taken, preferred first; empty: none.</param>
internal sealed record PublishRequest(StreamPublisher Publisher, MediaFramePool Frames, ImmutableArray<TrackFormat> Audio, ImmutableArray<TrackFormat> Video);

/// <summary>What a browser chose of our offer.</summary>
/// <param name="Audio">Sound; null: none.</param>
/// <param name="Video">Picture; null: none.</param>
/// <param name="Watch">What it is to watch as soon as that is live.</param>
internal sealed record AcceptedOffer(TrackFormat? Audio, TrackFormat? Video, StreamName Watch);

/// <summary>A session is connected, or over.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Stream">The stream it feeds, else the one it watches.</param>
/// <param name="End">Why it is over; null: its keys are there and media may flow.</param>
/// <param name="Detail">Code of the end; empty where connected.</param>
internal readonly record struct SessionChange(string SessionId, StreamName Stream, SessionEnd? End, string Detail);

/// <summary>Figures of a host.</summary>
/// <param name="Port">The UDP port really bound; 0 while not running.</param>
/// <param name="Viewers">Sessions that watch.</param>
/// <param name="Publishers">Sessions that publish.</param>
/// <param name="WatchedStreams">Streams somebody watches.</param>
/// <param name="StrayDatagrams">Datagrams that belonged to no session.</param>
/// <param name="DatagramsOut">Datagrams sent.</param>
/// <param name="SendDropped">Datagrams the system did not take, because its buffer was full or there was no route.</param>
internal sealed record WebRtcCounts(int Port, int Viewers, int Publishers, int WatchedStreams, long StrayDatagrams, long DatagramsOut, long SendDropped);
