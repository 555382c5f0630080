// RFC 9429 section 4.1.8: here the server offers and the browser answers: a call that comes in.
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Text;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Session;

namespace SipStreamApp.Media.WebRtc;

/// <content>Our own offers, until they are answered.</content>
internal sealed partial class WebRtcHost
{
    private readonly ConcurrentDictionary<string, OpenOffer> _offers = new();

    /// <summary>
    /// Makes an offer to a browser that is to watch one stream and publish another. Failure codes: "not-running", "viewer-limit", "invalid-field".
    /// </summary>
    /// <param name="watch">What it will watch, once that is live.</param>
    /// <param name="publish">What it is to send, with the formats of both ways.</param>
    /// <param name="localAddress">The address the browser reached us on.</param>
    public async Task<Outcome<WatchSession>> OfferAsync(StreamName watch, PublishRequest publish, IPAddress? localAddress)
    {
        if (_loop is not { } loop || _stopped) return NotRunning;
        if (publish.Audio.IsEmpty && publish.Video.IsEmpty) return new Failure("invalid-field", Blame.Caller, "There is neither sound nor picture to offer") { Field = "audio" };
        if (TryReserve() is { } full) return full;
        var end = LocalEnd(publish.Audio, publish.Video, localAddress, watch, SdpDirection.SendRecv);
        var offer = new OpenOffer(NewId(), watch, publish, end, WebRtcOfferer.Offer(end), _clock.Now + _options.OfferTimeout);
        _offers[offer.Id] = offer;
        try
        {
            await loop.InvokeAsync(() =>
            {
                _tick!.Set(Instant.Min(_tick.Deadline, offer.Deadline));
                return true;
            });
            if (!_stopped || !_offers.TryRemove(offer.Id, out _)) return new WatchSession(offer.Id, offer.Offer.Sdp);
        }
        catch (ObjectDisposedException)
        {
            _offers.TryRemove(offer.Id, out _);
        }

        Interlocked.Decrement(ref _reserved);
        return NotRunning;
    }

    /// <summary>
    /// Takes the browser's answer; the session lives from then on. An answer that cannot be used leaves the offer open.
    /// Failure codes: "session-not-found", "bad-answer", "no-common-codec", "not-running".
    /// </summary>
    public async Task<Outcome<AcceptedOffer>> AcceptAsync(string sessionId, string answer, CancellationToken cancel)
    {
        if (_loop is not { } loop || _stopped) return NotRunning;
        if (!_offers.TryGetValue(sessionId, out var offer)) return NoSuchOffer;
        var negotiation = WebRtcOfferer.ReadAnswer(Encoding.UTF8.GetBytes(answer), offer.Offer, offer.End);
        if (!negotiation.IsOk) return AnswerRefusal(negotiation);
        var settings = Settings(sessionId, offer.End, negotiation, offer.Publish);
        cancel.ThrowIfCancellationRequested();
        if (!_offers.TryRemove(sessionId, out _)) return NoSuchOffer;
        var made = false;
        try
        {
            made = await loop.InvokeAsync(() => Add(settings));
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended: the same as refused.
        }

        if (made) return new AcceptedOffer(negotiation[MediaKind.Audio]?.Format, negotiation[MediaKind.Video]?.Format, offer.Watch);
        Drop(offer, SessionEnd.Shutdown);
        return NotRunning;
    }

    /// <summary>A session whose offer was accepted watches this stream from now on. False where it is over.</summary>
    public async Task<bool> WatchLaterAsync(string sessionId, LiveStream stream)
    {
        try
        {
            return _loop is { } loop && await loop.InvokeAsync(() => Watch(sessionId, stream));
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>True while the session lives.</summary>
    public bool Has(string sessionId) => _sessions.ContainsKey(sessionId);

    private static Failure NoSuchOffer => new("session-not-found", Blame.Caller, "There is no open offer of that id", "It was answered, taken back, or has timed out");

    private static Failure AnswerRefusal(WebRtcNegotiation negotiation) => negotiation.Problem.Status switch
    {
        SdpStatus.NoCommonCodec => new Failure("no-common-codec", Blame.Peer, "The browser takes none of the codecs on offer"),
        _ => new Failure("bad-answer", Blame.Caller, $"The SDP answer cannot be used ({negotiation.Problem})", "Send an answer as RTCPeerConnection.createAnswer makes it"),
    };

    // Returns when the next one is due.
    private Instant DropOffers(Instant now, SessionEnd end)
    {
        var next = Instant.Never;
        foreach (var (id, offer) in _offers)
        {
            if (offer.Deadline > now) next = Instant.Min(next, offer.Deadline);
            else if (_offers.TryRemove(id, out _)) Drop(offer, end);
        }

        return next;
    }

    private void Drop(OpenOffer offer, SessionEnd end)
    {
        Interlocked.Decrement(ref _reserved);
        offer.Publish.Publisher.End(end == SessionEnd.Shutdown ? StreamEndReason.Shutdown : StreamEndReason.PublisherFailed);
        Changed?.Invoke(new SessionChange(offer.Id, offer.Publish.Publisher.Stream.Name, end, end.Code()));
    }

    private sealed record OpenOffer(string Id, StreamName Watch, PublishRequest Publish, WebRtcAnswerOptions End, WebRtcOffer Offer, Instant Deadline);
}
