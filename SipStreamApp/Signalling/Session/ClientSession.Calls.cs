using System.Text.Json.Nodes;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Session;

// The phone of the session: calls in both directions.
internal sealed partial class ClientSession
{
    private readonly Dictionary<CallId, ClientCall> _calls = [];

    /// <summary>True where this session placed or took the call.</summary>
    public bool Owns(CallId call) => _calls.ContainsKey(call);

    /// <summary>Outcome of <see cref="PlaceCall"/>.</summary>
    /// <param name="id">The call.</param>
    /// <param name="failure">What stood in the way; null where it is placed.</param>
    /// <param name="now">Now.</param>
    public void CallPlaced(CallId id, Failure? failure, Instant now)
    {
        _now = now;
        if (!_calls.TryGetValue(id, out var call))
        {
            // The client went away meanwhile.
            if (failure is null) _outputs.Enqueue(new HangUpCall(id));
            return;
        }

        if (failure is not null)
        {
            EndCall(call, "FAILED", StreamInfo.Error);
            return;
        }

        call.Placed = true;
        if (call.HangingUp) _outputs.Enqueue(new HangUpCall(id));
        else Talk(call);
    }

    /// <summary>A call came into being, changed or ended.</summary>
    public void CallChanged(CallSnapshot fact, Instant now)
    {
        _now = now;
        if (!_calls.TryGetValue(fact.Id, out var call) || CallInfo.StatusOf(fact.Status) is not { } status) return;
        call.SipStatus = fact.SipStatus ?? call.SipStatus;
        if (fact.IsEnded) EndCall(call, call.Failing is null ? status : "FAILED", call.Failing ?? (fact.End is { } end ? CallInfo.Of(end) : CallInfo.Normal), tellClient: call.IsTold);
        else if (!call.IsTold) return;
        else if (status != call.Status && !call.HangingUp) ReportCall(call, status);
    }

    /// <summary>Somebody calls the session's identity.</summary>
    public void CallComesIn(CallSnapshot fact, Instant now)
    {
        _now = now;
        if (_phase != Phase.Established || _calls.Count >= MaxStreams || ClientCall.Of(fact) is not { } call || !_calls.TryAdd(fact.Id, call))
        {
            // Nobody would hear it ring.
            _outputs.Enqueue(new HangUpCall(fact.Id));
            return;
        }

        Ask("OnCallEvent", AddFields(Payload(), call.Event()), reply =>
        {
            if (_calls.GetValueOrDefault(call.Id) != call) return;
            if (reply.Allowed)
            {
                call.Ticket = ++_lastTicket;
                _outputs.Enqueue(new OfferTalk(call.Ticket, call.Id, call.Stream, call.Microphone, fact.OfferedAudio, fact.OfferedVideo));
                return;
            }

            // The client has not heard of it.
            _calls.Remove(call.Id);
            _outputs.Enqueue(new ForbidCall(call.Id));
        });
    }

    /// <summary>The offer for the browser that is called. It must be with the client before the call is told of.</summary>
    public void TalkOffered(int ticket, string browserId, string sdp, Instant now)
    {
        _now = now;
        if (CallOf(ticket) is not { } call)
        {
            _outputs.Enqueue(new CloseBrowser(browserId));
            return;
        }

        (call.Ticket, call.BrowserId) = (0, browserId);
        (call.IsTold, call.Offered, call.Status) = (true, sdp, "RING");
        Announce(call);
        Tell("CallStatusEvent", AddFields(Payload(), call.Event()));
    }

    /// <summary>The browser cannot be connected to the call, or the call not be answered.</summary>
    public void CallFailed(CallId id, Failure failure, Instant now)
    {
        _now = now;
        if (!_calls.TryGetValue(id, out var call)) return;
        call.Ticket = 0;
        FailCall(call, StreamInfo.Of(failure));
    }

    /// <summary>Hold or its end was refused: the client learns where the call really stands.</summary>
    public void ControlFailed(CallId id, Instant now)
    {
        _now = now;
        if (_calls.TryGetValue(id, out var call)) Send(ServerMessage.Of(CallInfo.MessageOf(call.Status), call.Event()));
    }

    /// <summary>A transfer went on.</summary>
    public void TransferChanged(CallId id, string status, Instant now)
    {
        _now = now;
        if (!_calls.TryGetValue(id, out var call) || call.Transfer == status) return;
        call.Transfer = status;
        Send(ServerMessage.Of("notifyTransferEvent", new JsonObject { ["callId"] = id.Value, ["status"] = status, ["incoming"] = call.Incoming }));
        var payload = Payload();
        payload["callId"] = id.Value;
        payload["status"] = status;
        Tell("TransferStatusEvent", payload);
    }

    private bool DispatchCall(ClientMessage message)
    {
        if (message.Name == "call")
        {
            PlaceNewCall(message.Body);
            return true;
        }

        if (message.Name is not ("answer" or "hangup" or "hold" or "unhold" or "sendDtmf" or "transfer")) return false;
        if (!CallId.TryParse(message.Body.Text("callId"), out var id) || !_calls.TryGetValue(id, out var call)) return true;
        Ask(message.Name, AddFields(Payload(), message.Body), reply =>
        {
            if (_calls.GetValueOrDefault(id) != call) return;
            if (reply.Allowed) Control(message.Name, call, reply.Payload);
            else if (message.Name is "hold" or "unhold") ControlFailed(id, _now);
            else if (message.Name == "transfer") TransferChanged(id, "FAILED", _now);
        });
        return true;
    }

    private void Control(string what, ClientCall call, JsonObject body)
    {
        switch (what)
        {
            case "answer" when call is { Incoming: true, Answering: false, BrowserId: { } browser }:
                call.Answering = true;
                _outputs.Enqueue(new AnswerCall(call.Id, browser, body.Text("sdp") ?? "", call.Microphone));
                break;
            case "hangup" when !call.HangingUp:
                call.HangingUp = true;
                if (call.Placed) _outputs.Enqueue(new HangUpCall(call.Id));
                break;
            case "hold" or "unhold":
                _outputs.Enqueue(new HoldCall(call.Id, what == "hold"));
                break;
            case "sendDtmf" when body.Filled("dtmf") is { } keys:
                _outputs.Enqueue(new PressKeys(call.Id, keys, body.Filled("type") ?? "RFC2833"));
                break;
            case "transfer" when body.Filled("target") is { } target:
                call.Transfer = null;
                _outputs.Enqueue(new TransferCall(call.Id, target));
                break;
            default:
                break;
        }
    }

    private void PlaceNewCall(JsonObject body)
    {
        var identity = SipOptionsReader.Read(_connection);
        if (ClientCall.Of(body, identity?.Login ?? "") is not { } call) return;
        if (_calls.ContainsKey(call.Id)) return;
        if (_phase != Phase.Established || identity is null || _calls.Count >= MaxStreams || !Rights.MayControl)
        {
            call.Status = "FAILED";
            Send(ServerMessage.Of("finish", call.Event(Rights.MayControl ? CallInfo.NoSession : StreamInfo.Restricted)));
            return;
        }

        _calls.Add(call.Id, call);
        Ask("call", AddFields(Payload(), body), reply =>
        {
            if (_calls.GetValueOrDefault(call.Id) != call) return;
            if (!reply.Allowed) EndCall(call, "FAILED", StreamInfo.Restricted);
            else if (call.Provider != "WebRTC") EndCall(call, "FAILED", StreamInfo.NeedsTranscoding);
            else if (call.HangingUp) EndCall(call, "FINISH", CallInfo.Normal);
            else _outputs.Enqueue(new PlaceCall(new CallRequest(reply.Payload.Filled("callee") ?? call.Callee, identity with { VisibleName = call.VisibleName ?? identity.VisibleName })
            {
                CallId = call.Id.Value, ToStream = call.Stream.Value, HasAudio = call.HasAudio, HasVideo = call.HasVideo, AppKey = AppKey,
            }));
        });
    }

    // The engine answers the browser once the other side's tracks are known: by its answer, or by early media.
    private void Talk(ClientCall call)
    {
        (call.Ticket, call.RetryAt) = (++_lastTicket, Instant.Never);
        _outputs.Enqueue(new TalkToCall(call.Ticket, call.Id, call.Stream, call.Microphone, call.Offer));
    }

    private bool TalkAnswered(int ticket, string browserId, string sdp)
    {
        if (CallOf(ticket) is not { } call) return false;
        (call.Ticket, call.BrowserId) = (0, browserId);
        Send(ServerMessage.Of("setRemoteSDP", call.Id.Value, sdp));
        return true;
    }

    private bool TalkFailed(int ticket, Failure failure)
    {
        if (CallOf(ticket) is not { } call) return false;
        call.Ticket = 0;
        if (failure.Code == "stream-not-ready") call.RetryAt = _now;
        // The call has ended, and says so itself.
        else if (failure.Code != "stream-not-found") FailCall(call, StreamInfo.Of(failure));
        return true;
    }

    private bool CallBrowserEnded(string browserId, BrowserEnd end)
    {
        if (_calls.Values.FirstOrDefault(c => c.BrowserId == browserId) is not { } call) return false;
        call.BrowserId = null;
        if (end is BrowserEnd.StreamEnded or BrowserEnd.StreamSilent or BrowserEnd.StreamFailed or BrowserEnd.Shutdown) return true;
        if (end is BrowserEnd.ClosedByBrowser or BrowserEnd.Terminated) HangUp(call);
        else FailCall(call, end is BrowserEnd.Lost ? CallInfo.Ice : CallInfo.Dtls);
        return true;
    }

    private void HangUp(ClientCall call)
    {
        if (call.HangingUp) return;
        call.HangingUp = true;
        if (call.Placed) _outputs.Enqueue(new HangUpCall(call.Id));
    }

    private void FailCall(ClientCall call, string info)
    {
        call.Failing ??= info;
        HangUp(call);
    }

    private void TickCalls()
    {
        foreach (var call in _calls.Values.Where(c => c.RetryAt <= _now)) Talk(call);
    }

    private void ReportCall(ClientCall call, string status)
    {
        call.Status = status;
        Send(ServerMessage.Of(CallInfo.MessageOf(status), call.Event()));
        Tell("CallStatusEvent", AddFields(Payload(), call.Event()));
    }

    private void EndCall(ClientCall call, string status, string info, bool tellClient = true)
    {
        if (!_calls.Remove(call.Id)) return;
        if (call.Ticket != 0) _outputs.Enqueue(new GiveUp(call.Ticket));
        if (call.BrowserId is { } browser) _outputs.Enqueue(new CloseBrowser(browser));
        call.Status = status;
        if (tellClient) Send(ServerMessage.Of("finish", call.Event(info)));
        Tell("CallStatusEvent", AddFields(Payload(), call.Event(info)));
    }

    private ClientCall? CallOf(int ticket) => _calls.Values.FirstOrDefault(c => c.Ticket == ticket);
}
