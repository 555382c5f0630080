namespace SipStreamApp.Signalling.Session;

/// <summary>
/// The answer to the fixed offer of the SDK's media provider MSE. All the SDK reads in it is the port of each line: 0 means that this medium
/// does not come (RFC 3264 section 6). The media themselves come over a WebSocket, so the other ports are the discard port.
/// </summary>
internal static class MediaSocketSdp
{
    public static string Write(bool audio, bool video) => string.Join(
        "\r\n",
        "v=0", "o=- 0 0 IN IP4 0.0.0.0", "s=-", "c=IN IP4 0.0.0.0", "t=0 0",
        $"m=video {(video ? 9 : 0)} RTP/AVP 112", "a=rtpmap:112 H264/90000", "a=fmtp:112 packetization-mode=1", video ? "a=sendonly" : "a=inactive",
        $"m=audio {(audio ? 9 : 0)} RTP/AVP 108", "a=rtpmap:108 mpeg4-generic/48000", audio ? "a=sendonly" : "a=inactive", "");

    /// <summary>True where the client's offer has a line of that medium. Its port says nothing: the SDK always writes 0.</summary>
    public static bool Offers(string offer, string medium)
    {
        foreach (var line in offer.AsSpan().EnumerateLines())
            if (line.StartsWith("m=", StringComparison.Ordinal) && line[2..].StartsWith(medium, StringComparison.Ordinal)) return true;
        return false;
    }
}
