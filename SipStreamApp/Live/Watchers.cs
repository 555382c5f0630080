using SipStreamApp.Media.Streams;

namespace SipStreamApp.Live;

/// <summary>Who watches a stream, whatever the way.</summary>
internal static class Watchers
{
    /// <summary>WebRTC and MSE players; HLS counts as one while somebody asks for segments, since its players are not told apart.</summary>
    public static int Count(StreamSnapshot stream) => stream.Viewers + stream.Readers.Count(r => r.Kind is "mse" or "hls");
}
