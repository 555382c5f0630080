// RFC 3264 section 8: an m= line keeps its place for the whole session, refused ones too.
using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

/// <summary>One m= line of ours. Without payloads it is a refused one.</summary>
internal sealed record SipSlot(string Type, MediaKind? Kind, string Protocol, ImmutableArray<LocalPayload> Payloads)
{
    public bool InUse => !Payloads.IsEmpty;

    /// <summary>The offer's formats, repeated in a refusal.</summary>
    public ImmutableArray<string> RefusedFormats { get; init; } = [];

    public bool RtcpMux { get; init; }

    /// <summary>Key lines to write.</summary>
    public ImmutableArray<SdpCrypto> Crypto { get; init; } = [];

    public static SipSlot Refused(SdpMedia media) =>
        new(media.Type, media.Kind, media.Protocol, []) { RefusedFormats = [.. media.Formats] };

    /// <summary>The slot after it was refused: same place, same formats.</summary>
    public SipSlot Refuse() => this with
    {
        RefusedFormats = InUse ? [.. Payloads.Select(p => p.PayloadType.ToString())] : RefusedFormats,
        Payloads = [],
    };

    /// <summary>The slots of a first offer: sound, then picture.</summary>
    public static ImmutableArray<SipSlot> ForOffer(SipMediaOptions options)
    {
        var slots = ImmutableArray.CreateBuilder<SipSlot>(2);
        foreach (var kind in (ReadOnlySpan<MediaKind>)[MediaKind.Audio, MediaKind.Video])
        {
            if (options.PortOf(kind) is not { } port || options.CodecsOf(kind).IsEmpty) continue;
            var protocol = port.Crypto.IsEmpty ? SdpProtocol.Avp : SdpProtocol.Savp;
            slots.Add(new(kind == MediaKind.Audio ? "audio" : "video", kind, protocol, LocalPayload.ForOffer(options, kind))
            {
                RtcpMux = options.RtcpMux,
                Crypto = [.. port.Crypto.Select((c, i) => c with { Tag = i + 1 })],
            });
        }

        return slots.ToImmutable();
    }
}
