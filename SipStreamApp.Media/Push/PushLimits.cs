using SipStreamApp.Media.Outgoing;

namespace SipStreamApp.Media.Push;

/// <summary>Times and bounds of the push output; tests shorten them.</summary>
internal sealed record PushLimits
{
    /// <summary>Program that sends.</summary>
    public string Ffmpeg { get; init; } = "ffmpeg";

    /// <summary>Put before the stream's name at the server.</summary>
    public string NamePrefix { get; init; } = "rtmp_";

    /// <summary>Bit rate of the AAC sound, kbit/s.</summary>
    public int AudioKbps { get; init; } = 96;

    /// <summary>Refuse servers of rtmps whose certificate nobody vouches for.</summary>
    public bool VerifyCertificates { get; init; } = true;

    /// <summary>Where pushes may go.</summary>
    public OutgoingGuard Outgoing { get; init; } = OutgoingGuard.Open;

    /// <summary>Pushes at once.</summary>
    public int MaxPushes { get; init; } = 100;

    /// <summary>Folder of the sound files that may be sent.</summary>
    public string MediaFolder { get; init; } = "media";

    /// <summary>ffmpeg's own limit for one read or write; shorter than <see cref="Stall"/>, because then ffmpeg says what it waited for.</summary>
    public TimeSpan SocketTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>A target that takes nothing for so long hangs.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// The same where its system says that its buffer is full: the network works, the server does not read. Shorter, because the buffer had
    /// to be filled first (300 KB with nginx: 2.4 s at 1 Mbit/s), and because no retransmission has to be waited for.
    /// </summary>
    public TimeSpan FullStall { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>First pause before another attempt; doubled each time.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause.</summary>
    public TimeSpan LastRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection counts as working when it held so long: one that is closed at once must not be tried every second for ever.</summary>
    public TimeSpan Proven { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for a picture that was negotiated, before starting with sound alone.</summary>
    public TimeSpan PicturePatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the sender may take to hand over what it holds when the stream ends.</summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long pushes that ended are still shown.</summary>
    public TimeSpan KeepEnded { get; init; } = TimeSpan.FromMinutes(10);
}
