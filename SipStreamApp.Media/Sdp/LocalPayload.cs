using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

/// <summary>One payload type of ours as we write it: a codec, or telephone-event where <see cref="Codec"/> is null.</summary>
internal sealed record LocalPayload(PayloadType PayloadType, Codec? Codec, int ClockRate, int PacketizationMode, string Fmtp)
{
    /// <summary>rtcp-fb values written for this type.</summary>
    public ImmutableArray<string> Feedback { get; init; } = [];

    /// <summary>Our numbers: static where RFC 3551 has one, otherwise fixed dynamic ones, unique over both media.</summary>
    public static ImmutableArray<LocalPayload> ForOffer(SipMediaOptions options, MediaKind kind)
    {
        var list = ImmutableArray.CreateBuilder<LocalPayload>();
        foreach (var codec in options.CodecsOf(kind).Distinct())
        {
            switch (codec)
            {
                case Primitives.Codec.Pcmu: list.Add(Make(0, codec)); break;
                case Primitives.Codec.Pcma: list.Add(Make(8, codec)); break;
                case Primitives.Codec.G722: list.Add(Make(9, codec)); break;
                case Primitives.Codec.Opus: list.Add(Make(96, codec, "minptime=10;useinbandfec=1")); break;
                case Primitives.Codec.Vp8: list.Add(Make(100, codec)); break;
                case Primitives.Codec.H264:
                    var profile = $"profile-level-id={options.H264ProfileLevelId};level-asymmetry-allowed=1;packetization-mode=";
                    list.Add(Make(98, codec, profile + "1", mode: 1));
                    list.Add(Make(99, codec, profile + "0"));
                    break;
            }
        }

        if (kind == MediaKind.Video)
        {
            for (var i = 0; i < list.Count; i++) list[i] = list[i] with { Feedback = options.VideoFeedback };
        }
        else if (options.TelephoneEvents && list.Count > 0)
        {
            if (list.Any(p => p.ClockRate == 8000)) list.Add(new(new PayloadType(101), null, 8000, 0, "0-16"));
            if (list.Any(p => p.ClockRate == 48000)) list.Add(new(new PayloadType(97), null, 48000, 0, "0-16"));
        }

        return list.ToImmutable();
    }

    /// <summary>The same type as the peer wrote it, for an answer.</summary>
    public static LocalPayload Mirror(RtpMapping remote, SipMediaOptions options)
    {
        var format = remote.ToTrackFormat();
        var fmtp = format?.Codec switch
        {
            null => "0-16",
            Primitives.Codec.Opus => "minptime=10;useinbandfec=1",
            Primitives.Codec.H264 => MirrorH264(remote),
            _ => "",
        };
        return new(remote.PayloadType, format?.Codec, format?.ClockRate ?? remote.ClockRate, format?.Codec == Primitives.Codec.H264 ? remote.PacketizationMode : 0, fmtp)
        {
            Feedback = [.. options.VideoFeedback.Where(remote.HasFeedback)],
        };
    }

    public PayloadMapping ToMapping(TrackFormat format) => new(PayloadType, format, PacketizationMode);

    public void WriteTo(SdpMedia media)
    {
        var pt = SdpText.Number(PayloadType.Value);
        media.Formats.Add(pt);
        var format = Codec is { } codec ? TrackFormat.Default(codec) : null;
        var name = format?.EncodingName ?? "telephone-event";
        media.Attributes.Add("rtpmap", $"{pt} {name}/{ClockRate}{(format?.Channels == 2 ? "/2" : "")}");
        if (Fmtp.Length > 0) media.Attributes.Add("fmtp", $"{pt} {Fmtp}");
        foreach (var feedback in Feedback) media.Attributes.Add("rtcp-fb", $"{pt} {feedback}");
    }

    // RFC 6184 section 8.2.2: profile and packetization mode must be the same in the answer. The offered level always is a legal answer.
    private static string MirrorH264(RtpMapping remote)
    {
        var profile = SdpFmtp.ProfileLevelId(remote.Fmtp) is { } id ? $"profile-level-id={id};" : "";
        var asymmetry = SdpFmtp.Find(remote.Fmtp, "level-asymmetry-allowed") is "1" ? "level-asymmetry-allowed=1;" : "";
        return $"{profile}{asymmetry}packetization-mode={remote.PacketizationMode}";
    }

    private static LocalPayload Make(byte pt, Codec codec, string fmtp = "", int mode = 0) =>
        new(new PayloadType(pt), codec, TrackFormat.Default(codec).ClockRate, mode, fmtp);
}
