// RFC 4733 (events in RTP), RFC 6086 (INFO); application/dtmf-relay and application/dtmf are older than any RFC.
using System.Text;
using SipStreamApp.Media.Calls.Legs;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls;

/// <content>Keys that are pressed.</content>
internal sealed partial class CallSession
{
    private const string PlainType = "application/dtmf";
    private const string RelayType = "application/dtmf-relay";
    private const int MaxKeys = 64;

    private Task _keysBefore = Task.CompletedTask;
    private TaskCompletionSource<int>? _keyAnswer;
    private int _keysWaiting;
    private bool _relayOnly;

    /// <summary>Presses keys one after the other; ready when the last one was sent. On the sip loop.</summary>
    public Task<Failure?> SendKeysAsync(string keys, DtmfWay way)
    {
        if (keys.Length is 0 or > MaxKeys || keys.Any(k => !TelephoneEvent.TryGetCode(k, out _))) return Said(CallControlFailures.BadKeys);
        if (_facts.AnsweredAt is null || _facts.IsEnded || _media is not { } media) return Said(CallControlFailures.NotAnswered);
        if (way == DtmfWay.Rfc2833) return PressAsync(media, keys);
        if (_keysWaiting + keys.Length > DtmfPlayout.MaxWaiting) return Said(CallControlFailures.TooManyKeys);
        _keysWaiting += keys.Length;
        var sending = SendInfosAsync(_keysBefore, keys, relay: way == DtmfWay.InfoRelay);
        _keysBefore = sending;
        return sending;
    }

    private static async Task<Failure?> PressAsync(CallMedia media, string keys)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var refused = await media.SendAsync(s => s.Press(keys, ok => done.TrySetResult(ok)) ? null : s.Sound is { TakesKeys: true } ? CallControlFailures.TooManyKeys : CallControlFailures.NoKeysInSound);
        if (refused is not null) return refused;
        return await done.Task ? null : CallControlFailures.Ended;
    }

    // One after the other, as a finger would: gateways make tones of them, which must not overlap.
    private async Task<Failure?> SendInfosAsync(Task before, string keys, bool relay)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var loop = _services.Sip.Loop;
        try
        {
            foreach (var key in keys)
            {
                var started = _services.Clock.Now;
                var (status, wasPlain) = await SendInfoAsync(key, relay);
                if (wasPlain && status is 415 or 488 or 406)
                {
                    _relayOnly = true;
                    (status, _) = await SendInfoAsync(key, relay);
                }

                if (status is < 200 or >= 300) return _facts.IsEnded ? CallControlFailures.Ended : CallControlFailures.Refused("dtmf", status, "");
                var rest = DtmfPlayout.Press + DtmfPlayout.Gap - (_services.Clock.Now - started);
                if (rest > TimeSpan.Zero && !_facts.IsEnded) await Task.Delay(rest);
            }

            return null;
        }
        finally
        {
            loop.Post(() => _keysWaiting -= keys.Length);
        }
    }

    private async Task<(int Status, bool WasPlain)> SendInfoAsync(char key, bool relay)
    {
        var plain = !relay && !_relayOnly;
        var answer = await _services.Sip.Loop.InvokeAsync(() =>
        {
            if (_facts.IsEnded || _call is not { } call) return Task.FromResult(0);
            _keyAnswer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            var answered = _keyAnswer.Task;
            var body = plain ? $"{key}" : $"Signal={key}\r\nDuration={(int)DtmfPlayout.Press.TotalMilliseconds}\r\n";
            _services.Sip.Agent.SendInfo(call, plain ? PlainType : RelayType, Encoding.ASCII.GetBytes(body), Now);
            _services.Sip.Drain(Now);
            return answered;
        });
        return (await answer, plain);
    }

    private void OnInfoAnswered(SipInfoCompleted info)
    {
        if (info.ContentType is PlainType or RelayType) _keyAnswer?.TrySetResult(info.Status);
    }

    private void OnInfo(SipInfoReceived info)
    {
        if (FastUpdate.IsAsked(info.ContentType, info.Body.Span)) _media?.Send(s => s.OnKeyframeAsked(_services.RtpLoop.Now));
    }
}
