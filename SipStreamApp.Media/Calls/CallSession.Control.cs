using System.Text;
using SipStreamApp.Media.Calls.Outcomes;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls;

/// <content>Hold and transfer: what is asked of the other side while the call is up. All on the sip loop.</content>
internal sealed partial class CallSession
{
    private TaskCompletionSource<Failure?>? _change;
    private TaskCompletionSource<Failure?>? _refer;
    private bool _holdWanted;
    private bool _heldHere;
    private bool _agreed;
    private bool _transferring;

    private SdpDirection Wanted => _heldHere ? SdpDirection.SendOnly : SdpDirection.SendRecv;

    /// <summary>Puts the other side on hold, or takes it back (RFC 3264 section 8.4); ready when it has agreed.</summary>
    public Task<Failure?> HoldAsync(bool held)
    {
        if (_facts.AnsweredAt is null || !_agreed) return Said(CallControlFailures.NotAnswered);
        if (_change is not null) return Said(CallControlFailures.Busy);
        if (_heldHere == held) return Said(null);
        _holdWanted = held;
        _change = new TaskCompletionSource<Failure?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var task = _change.Task;
        Reoffer();
        return task;
    }

    /// <summary>Asks the other side to call <paramref name="target"/> in our place (RFC 3515); ready when it has agreed to try.</summary>
    public Task<Failure?> TransferAsync(string target)
    {
        if (_facts.AnsweredAt is null || _call is not { } call) return Said(CallControlFailures.NotAnswered);
        if (!_addresses!.TryCallee(target, out var uri)) return Said(CallControlFailures.BadTarget(target));
        if (_services.Options.Rules.Check(uri, _addresses, "target") is { } forbidden) return Said(forbidden);
        if (_transferring || !_services.Sip.Agent.Refer(call, uri, _addresses.AddressOfRecord.Uri, Now)) return Said(CallControlFailures.Busy);
        _transferring = true;
        _refer = new TaskCompletionSource<Failure?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var task = _refer.Task;
        _services.Sip.Drain(Now);
        return task;
    }

    private static Task<Failure?> Said(Failure? failure) => Task.FromResult(failure);

    private static void Finish(ref TaskCompletionSource<Failure?>? asked, Failure? failure)
    {
        var waiting = asked;
        asked = null;
        waiting?.TrySetResult(failure);
    }

    private void Reoffer()
    {
        var offer = _negotiator!.CreateOffer(_holdWanted ? SdpDirection.SendOnly : SdpDirection.SendRecv);
        _services.Sip.Agent.Reoffer(_call!.Value, Encoding.UTF8.GetBytes(offer), Now);
        _services.Sip.Drain(Now);
    }

    private void OnOfferAnswered(SipOfferAnswered answer)
    {
        var negotiation = _negotiator!.ReadAnswer(answer.Sdp.Span);
        if (!negotiation.IsOk)
        {
            Finish(ref _change, CallControlFailures.Refused("change", 0, "") with { Title = FailureCauses.Of(negotiation.Problem).Title });
            return;
        }

        if (_change is not null)
        {
            if (_heldHere && !_holdWanted) _listensSince = Now;
            _heldHere = _holdWanted;
        }

        Negotiate(negotiation, tolerant: true);
        Set(HeldStatus);
        Finish(ref _change, null);
    }

    private void OnOfferRejected(SipFailure failure)
    {
        _negotiator!.Rollback();
        Finish(ref _change, CallControlFailures.Refused("change", failure.Status, failure.Phrase));
    }

    private void OnRefer(SipCallEvent fact)
    {
        switch (fact)
        {
            case SipReferAnswered { Status: >= 200 and < 300 }:
                ReferAccepted();
                break;
            case SipReferAnswered refused:
                _transferring = false;
                _watcher.Transferred(this, TransferStatus.Failed);
                Finish(ref _refer, CallControlFailures.Refused("transfer", refused.Status, refused.Phrase));
                break;
            case SipReferProgress progress when _transferring:
                // It may overtake the answer to the REFER.
                ReferAccepted();
                OnReferProgress(progress);
                break;
        }
    }

    private void ReferAccepted()
    {
        if (_refer is null) return;
        _watcher.Transferred(this, TransferStatus.Accepted);
        Finish(ref _refer, null);
    }

    private void OnReferProgress(SipReferProgress progress)
    {
        if (progress.Status < 200)
        {
            _watcher.Transferred(this, TransferStatus.Trying);
            return;
        }

        _transferring = false;
        var isThere = progress.Status < 300;
        _watcher.Transferred(this, isThere ? TransferStatus.Completed : TransferStatus.Failed);
        // RFC 5589 section 6.1: with the target reached, the one who transferred hangs up.
        if (isThere) End(CallCauses.Transferred);
    }

    // The call is over: nobody may wait for an answer any more.
    private void FinishControl(CallEnd end)
    {
        _keyAnswer?.TrySetResult(0);
        Finish(ref _change, CallControlFailures.Ended);
        if (_transferring)
        {
            // Many phones hang up as soon as the target has answered, before they tell.
            var isThere = _refer is null && end.Code == "hung-up-there";
            _transferring = false;
            _watcher.Transferred(this, isThere ? TransferStatus.Completed : TransferStatus.Failed);
        }

        Finish(ref _refer, CallControlFailures.Ended);
    }
}
