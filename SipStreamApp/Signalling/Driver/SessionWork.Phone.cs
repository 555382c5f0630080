using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Session;

namespace SipStreamApp.Signalling.Driver;

/// <content>The phone of a session.</content>
internal sealed partial class SessionWork
{
    private IAsyncDisposable? _registration;

    private void Register(SipIdentity identity, SessionConnection session) => _registration = services.Engine.KeepRegistered(identity, change => services.Post(() =>
        session.Feed(s => s.RegistrationChanged(NewsOf(change.Status), change.Cause is { } cause ? cause.Title : "", Now))));

    private async Task GiveUpRegistrationAsync()
    {
        if (Interlocked.Exchange(ref _registration, null) is { } registration) await registration.DisposeAsync();
    }

    private Task PlaceAsync(PlaceCall place, SessionConnection session)
    {
        var outcome = services.Engine.StartCall(place.Request);
        services.Access.Note(session.Read(s => s.Rights), "SDK call", $"{place.Request.CallId} {place.Request.Callee}", outcome.Succeeded);
        if (CallId.TryParse(place.Request.CallId, out var id)) session.Feed(s => s.CallPlaced(id, outcome.Succeeded ? null : outcome.Failures[0], Now));
        return Task.CompletedTask;
    }

    private async Task TalkAsync(TalkToCall talk, SessionConnection session)
    {
        var outcome = await UnderAsync(talk.Ticket, cancel => services.Engine.TalkAsync(talk.Watch, talk.Publish, talk.Offer, _localAddress, cancel));
        Bring(talk.Ticket, wasReserved: true, session, outcome);
        if (outcome.Succeeded) await InjectAsync(talk.Call, talk.Publish, session);
    }

    private async Task OfferAsync(OfferTalk offer, SessionConnection session)
    {
        var outcome = await UnderAsync(offer.Ticket, cancel => services.Engine.OfferTalkAsync(
            offer.Watch, offer.Publish, [.. offer.Audio.Select(TrackFormat.Default)], [.. offer.Video.Select(TrackFormat.Default)], _localAddress, cancel));
        if (outcome.Succeeded) session.Feed(s => s.TalkOffered(offer.Ticket, outcome.Value.SessionId, outcome.Value.Sdp, Now));
        else Failed(offer.Call, outcome.Failures[0], session);
    }

    private async Task AnswerAsync(AnswerCall answer, SessionConnection session)
    {
        var browser = await services.Engine.AcceptTalkAsync(answer.BrowserId, answer.Answer, CancellationToken.None);
        if (!browser.Succeeded)
        {
            Failed(answer.Call, browser.Failures[0], session);
            return;
        }

        var call = await services.Engine.AnswerAsync(answer.Call, browser.Value.Audio?.Codec, browser.Value.Video?.Codec, CancellationToken.None);
        if (call.Succeeded) await InjectAsync(answer.Call, answer.Publish, session);
        else Failed(answer.Call, call.Failures[0], session);
    }

    // A caller who gave up just now is not a failure of this side: a call that has ended says so itself.
    private void Failed(CallId call, Failure failure, SessionConnection session)
    {
        if (services.Engine.FindCall(call) is { IsEnded: false }) session.Feed(s => s.CallFailed(call, failure, Now));
    }

    // A call that ended in the meantime says so itself; where only the picture cannot be sent, the sound goes on.
    private async Task InjectAsync(CallId call, StreamName microphone, SessionConnection session)
    {
        if (await services.Engine.InjectStreamAsync(call, microphone, CancellationToken.None) is { } failure)
            Log.Refused(services.Logger, "The browser's stream", call, session.Id, failure.Title);
    }

    private async Task HoldAsync(HoldCall hold, SessionConnection session)
    {
        var failure = await (hold.Hold ? services.Engine.HoldAsync(hold.Call, CancellationToken.None) : services.Engine.ResumeAsync(hold.Call, CancellationToken.None));
        if (failure is null) return;
        Log.Refused(services.Logger, hold.Hold ? "Hold" : "Resume", hold.Call, session.Id, failure.Title);
        session.Feed(s => s.ControlFailed(hold.Call, Now));
    }

    private async Task PressAsync(PressKeys keys, SessionConnection session)
    {
        var way = keys.Way.ToUpperInvariant() switch
        {
            "INFO" => DtmfWay.Info,
            "INFO_RELAY" => DtmfWay.InfoRelay,
            _ => DtmfWay.Rfc2833,
        };
        if (await services.Engine.SendDtmfAsync(keys.Call, keys.Keys, way, CancellationToken.None) is { } failure)
            Log.Refused(services.Logger, "Keys", keys.Call, session.Id, failure.Title);
    }

    private async Task TransferAsync(TransferCall transfer, SessionConnection session)
    {
        if (await services.Engine.TransferAsync(transfer.Call, transfer.Target, CancellationToken.None) is not { } failure) return;
        Log.Refused(services.Logger, "Transfer", transfer.Call, session.Id, failure.Title);
        session.Feed(s => s.TransferChanged(transfer.Call, "FAILED", Now));
    }

    private static RegistrationNews NewsOf(RegistrationStatus status) => status switch
    {
        RegistrationStatus.Registered => RegistrationNews.Registered,
        RegistrationStatus.Unregistered => RegistrationNews.Unregistered,
        RegistrationStatus.AuthenticationFailed => RegistrationNews.WrongPassword,
        _ => RegistrationNews.Failed,
    };
}
