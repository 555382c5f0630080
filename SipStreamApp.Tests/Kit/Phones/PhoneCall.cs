using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Tests.Kit.Phones;

/// <summary>When a picture was captured: on the wall clock a browser page can read, and on the system's stopwatch.</summary>
internal readonly record struct CaptureTime(double UnixMs, long Stopwatch);

/// <summary>One call a <see cref="TestPhone"/> answered. Lives on the phone's loop; its figures may be read from anywhere.</summary>
internal sealed class PhoneCall : ISipCallOwner, IDisposable
{
    private static readonly TimeSpan PacketTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan PictureTime = TimeSpan.FromMilliseconds(40);

    private readonly TestPhone _phone;
    private readonly TestPhoneOptions _options;
    private readonly PhoneTrack? _sound;
    private readonly PhoneTrack? _picture;
    private SipMediaNegotiator _negotiator;
    private readonly LoopTimer _timer;
    private readonly LoopTimer? _answer;
    private readonly ConcurrentDictionary<long, CaptureTime> _sentAt = [];
    private Instant _start = Instant.Never;
    private long _sounds;
    private long _pictures;
    private long _skipped;

    public PhoneCall(TestPhone phone, SipCallIncoming incoming, Instant now)
    {
        (_phone, _options, Handle) = (phone, phone.Options, incoming.Call);
        _timer = phone.Loop.CreateTimer(Play);
        if (_options.SoundCodecs.Length > 0) _sound = new PhoneTrack(phone.Loop, phone.Clock, phone.Ports, MediaKind.Audio, _options.SoundLine);
        if (_options.Picture is not null) _picture = new PhoneTrack(phone.Loop, phone.Clock, phone.Ports, MediaKind.Video, _options.PictureLine) { KeyframeAsked = OnKeyframeAsked };
        _negotiator = new SipMediaNegotiator(new SipMediaOptions
        {
            Address = IPAddress.Loopback, Audio = _sound?.SdpPort, Video = _picture?.SdpPort, AudioCodecs = [.. _options.SoundCodecs], VideoCodecs = [_options.Picture?.Format.Codec ?? Codec.H264],
        });
        var negotiation = _negotiator.Answer(incoming.Offer.Span);
        if (negotiation.LocalSdp is not { } answer)
        {
            phone.Sip.Agent.Reject(Handle, 488, null, now);
            Dispose();
            return;
        }

        _answer = phone.Loop.CreateTimer(at =>
        {
            phone.Sip.Agent.Answer(Handle, Encoding.UTF8.GetBytes(answer), at);
            phone.Sip.Drain(at);
        });
        if (_options.AnswersAfter > TimeSpan.Zero) _answer.Set(now + _options.AnswersAfter);
        else phone.Sip.Agent.Answer(Handle, Encoding.UTF8.GetBytes(answer), now);
        Apply(negotiation, now);
    }

    public SipCallHandle Handle { get; }

    public bool IsOver { get; private set; }

    /// <summary>Keyframes the other side asked for, by PLI, FIR or INFO.</summary>
    public int KeyframeRequests { get; private set; }

    /// <summary>Pictures captured so far.</summary>
    public long Pictures => Interlocked.Read(ref _pictures);

    public PhoneWire? SoundWire => _sound?.Wire;

    public PhoneWire? PictureWire => _picture?.Wire;

    /// <summary>RTP packets heard from the other side.</summary>
    public long Heard => (_sound?.Heard ?? 0) + (_picture?.Heard ?? 0);

    /// <summary>The sound that came in.</summary>
    public HeardRtp SoundEar => _sound!.Ear;

    /// <summary>The pictures that came in.</summary>
    public HeardRtp PictureEar => _picture!.Ear;

    /// <summary>The next offer of the other side is refused so; 0 for none.</summary>
    public int RefuseNextOffer { get; set; }

    /// <summary>Offers of the other side in the call, as they came.</summary>
    public ConcurrentQueue<string> Offers { get; } = new();

    /// <summary>Says by re-INVITE that it wants that sound codec from now on, in both directions.</summary>
    public Task ChangeSoundAsync(Codec codec) => _phone.Loop.InvokeAsync(() =>
    {
        _negotiator = new SipMediaNegotiator(_negotiator.Options with { AudioCodecs = [codec], SessionVersion = _negotiator.Options.SessionVersion + 10 });
        _phone.Sip.Agent.Reoffer(Handle, Encoding.UTF8.GetBytes(_negotiator.CreateOffer()), _phone.Loop.Now);
        _phone.Sip.Drain(_phone.Loop.Now);
        return true;
    });

    /// <summary>Asks the other side for a keyframe (PLI).</summary>
    public void AskForKeyframe() => _phone.Loop.Post(() => _picture!.AskForKeyframe(_phone.Loop.Now));

    /// <summary>When that picture of the clip was last captured and sent.</summary>
    public CaptureTime CapturedAt(long frame) => _sentAt[frame];

    public void OnSip(SipCallEvent fact, Instant now)
    {
        switch (fact)
        {
            case SipCallCancelled or SipCallEnded or SipCallFailed:
                Dispose();
                break;
            case SipInfoReceived info when Encoding.ASCII.GetString(info.Body.Span).Contains("picture_fast_update", StringComparison.Ordinal):
                OnKeyframeAsked(now);
                break;
            case SipOfferAnswered answered:
                Apply(_negotiator.ReadAnswer(answered.Sdp.Span), now);
                break;
            case SipOfferReceived refused when RefuseNextOffer > 0:
                Offers.Enqueue(Encoding.UTF8.GetString(refused.Sdp.Span));
                _phone.Sip.Agent.RejectOffer(refused.Call, RefuseNextOffer, now);
                RefuseNextOffer = 0;
                break;
            case SipOfferReceived offer when Note(offer) && _negotiator.Answer(offer.Sdp.Span) is { LocalSdp: { } answer } negotiation:
                _phone.Sip.Agent.Accept(offer.Call, Encoding.UTF8.GetBytes(answer), now);
                Apply(negotiation, now);
                break;
            case SipOfferReceived offer:
                _phone.Sip.Agent.RejectOffer(offer.Call, 488, now);
                break;
        }
    }

    public void Dispose()
    {
        IsOver = true;
        _timer.Cancel();
        _answer?.Cancel();
        _sound?.Dispose();
        _picture?.Dispose();
    }

    private void Apply(SipNegotiation negotiation, Instant now)
    {
        _sound?.Configure(negotiation[MediaKind.Audio], now);
        _picture?.Configure(negotiation[MediaKind.Video], now);
        if (_start == Instant.Never) _start = now;
        _timer.Set(now);
    }

    private bool Note(SipOfferReceived offer)
    {
        Offers.Enqueue(Encoding.UTF8.GetString(offer.Sdp.Span));
        return true;
    }

    private void OnKeyframeAsked(Instant now)
    {
        KeyframeRequests++;
        if (!_options.ObeysKeyframeRequests) return;
        while (!_options.Picture!.IsKeyframe(_pictures + _skipped)) _skipped++;
    }

    private void Play(Instant now)
    {
        for (; _sound is not null && _start + PacketTime * _sounds <= now; _sounds++)
        {
            if (_sound.Sends is not { } sends) continue;
            var ticks = _sounds * sends.Format.ClockRate / 50;
            Send(_sound, sends.Format, _options.Sound(sends.Format.Codec, _sounds).Span, true, ticks, now);
        }

        for (; _picture is not null && _start + PictureTime * _pictures <= now; _pictures++)
        {
            var (clip, index) = (_options.Picture!, _pictures + _skipped);
            _sentAt[index % clip.Frames.Count] = new CaptureTime((_phone.Clock.UtcNow - DateTimeOffset.UnixEpoch).TotalMilliseconds, Stopwatch.GetTimestamp());
            if (_picture.Sends is not null) Send(_picture, clip.Format, clip.Frame(index).Span, clip.IsKeyframe(index), _pictures * 3600, now);
        }

        var next = _sound is null ? Instant.Never : _start + PacketTime * _sounds;
        _timer.Set(_picture is null ? next : Instant.Min(next, _start + PictureTime * _pictures));
    }

    private void Send(PhoneTrack track, TrackFormat format, ReadOnlySpan<byte> bytes, bool isKey, long ticks, Instant now)
    {
        var frame = _phone.Frames.Rent(bytes.Length, out var room);
        bytes.CopyTo(room);
        frame.Complete(format, bytes.Length, isKey, ticks, TimeSpan.Zero, now);
        track.Send(frame, now);
        frame.Release();
    }
}
