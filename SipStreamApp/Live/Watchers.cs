using SipStreamApp.Media.Streams;

namespace SipStreamApp.Live;

/// <summary>Who watches a stream, whatever the way.</summary>
internal static class Watchers
{
    /// <summary>Players by WebRTC, MSE and HLS.</summary>
    public static int Count(StreamSnapshot stream) => stream.Watching;
}
