// RFC 3264: offer/answer on the SIP side, for the first INVITE, re-INVITE, UPDATE and offers in a 2xx.
using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

/// <summary>
/// The session descriptions of one dialog. Keeps the places of the m= lines and our o= version; a description that could not be
/// read or agreed on changes nothing.
/// </summary>
internal sealed class SipMediaNegotiator(SipMediaOptions options)
{
    private ImmutableArray<SipSlot> _agreed = [];
    private ImmutableArray<SipSlot> _offered = [];
    private SdpDirection _offeredDirection;
    private ulong _version = options.SessionVersion;
    private string? _lastSent;

    public SipMediaOptions Options { get; } = options;

    /// <summary>
    /// Our offer: for an INVITE, for the 2xx to an INVITE without one, or for a re-INVITE (then with the lines and payload numbers
    /// agreed before). Hold is <see cref="SdpDirection.SendOnly"/> or <see cref="SdpDirection.Inactive"/>.
    /// </summary>
    public string CreateOffer(SdpDirection direction = SdpDirection.SendRecv)
    {
        _offered = _agreed.IsEmpty ? SipSlot.ForOffer(Options) : [.. _agreed.Select(s => s.InUse ? s with { RtcpMux = Options.RtcpMux } : s)];
        _offeredDirection = direction;
        return Write(_offered, [.. _offered.Select(_ => direction)], offer: true);
    }

    /// <summary>Reads the answer to the last offer; may be called again for the same offer (183, then 200).</summary>
    public SipNegotiation ReadAnswer(ReadOnlySpan<byte> sdp)
    {
        if (_offered.IsEmpty) return SipNegotiation.Failed(new(SdpStatus.NoOfferOpen));
        var problem = SdpParser.Parse(sdp, out var session, Options.Limits);
        if (!problem.IsOk) return SipNegotiation.Failed(problem);
        var slots = ImmutableArray.CreateBuilder<SipSlot>();
        var media = ImmutableArray.CreateBuilder<NegotiatedMedia>();
        for (var i = 0; i < _offered.Length; i++)
        {
            var (slot, negotiated) = SipMediaMatcher.ReadAnswer(_offered[i], i, session, _offeredDirection);
            slots.Add(slot);
            media.Add(negotiated);
        }

        problem = Judge(session, media);
        if (problem.IsOk) _agreed = slots.ToImmutable();
        return new(problem, null, media.ToImmutable());
    }

    /// <summary>Answers the peer's offer (INVITE, re-INVITE, UPDATE).</summary>
    /// <param name="sdp">The offer.</param>
    /// <param name="wanted">What we would like; the answer never goes beyond what the offer allows.</param>
    public SipNegotiation Answer(ReadOnlySpan<byte> sdp, SdpDirection wanted = SdpDirection.SendRecv)
    {
        var problem = SdpParser.Parse(sdp, out var session, Options.Limits);
        if (!problem.IsOk) return SipNegotiation.Failed(problem);
        var slots = ImmutableArray.CreateBuilder<SipSlot>();
        var media = ImmutableArray.CreateBuilder<NegotiatedMedia>();
        for (var i = 0; i < session.Media.Count; i++)
        {
            var kind = session.Media[i].Kind;
            var (slot, negotiated) = SipMediaMatcher.Answer(Options, session, i, media.Any(m => m.Accepted && m.Kind == kind), wanted);
            slots.Add(slot);
            media.Add(negotiated);
        }

        problem = Judge(session, media);

        // A peer may take every line away in mid-call and keep the dialog: that is answered, not refused (RFC 3264 section 8.2).
        var emptied = !_agreed.IsEmpty && media.Count > 0 && media.All(m => m.Refusal == MediaRefusal.ByPeer);
        if (!problem.IsOk && !emptied) return new(problem, null, media.ToImmutable());
        _agreed = slots.ToImmutable();
        _offered = [];
        return new(problem, Write(_agreed, [.. media.Select(m => m.Direction)], offer: false), media.ToImmutable());
    }

    /// <summary>Our offer was refused (491, 488, no answer): what was agreed before stays.</summary>
    public void Rollback() => _offered = [];

    // RFC 3264 section 8: the version rises by one when, and only when, the description differs from the last one sent.
    private string Write(ImmutableArray<SipSlot> slots, SdpDirection[] directions, bool offer)
    {
        var text = SdpWriter.Write(SipSdpBuilder.Build(Options, slots, directions, _version, offer));
        if (_lastSent is not null && text != _lastSent) text = SdpWriter.Write(SipSdpBuilder.Build(Options, slots, directions, ++_version, offer));
        return _lastSent = text;
    }

    private static SdpProblem Judge(SdpSession session, ImmutableArray<NegotiatedMedia>.Builder media)
    {
        foreach (var m in media)
            if (m.Accepted && session.ConnectionOf(session.Media[m.Index]) is null)
                return new(SdpStatus.MissingConnection, session.Media[m.Index].Line, "no c= line");
        if (media.Any(m => m.Accepted)) return default;
        foreach (var (refusal, status) in (ReadOnlySpan<(MediaRefusal, SdpStatus)>)
            [(MediaRefusal.NoCommonCodec, SdpStatus.NoCommonCodec), (MediaRefusal.UnsupportedTransport, SdpStatus.UnsupportedTransport)])
        {
            var culprit = media.FirstOrDefault(m => m.Refusal == refusal);
            if (culprit is not null) return new(status, session.Media[culprit.Index].Line, session.Media[culprit.Index].Type);
        }

        return new(SdpStatus.NoMedia);
    }
}
