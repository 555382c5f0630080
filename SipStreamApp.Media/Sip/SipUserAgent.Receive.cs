// RFC 3261 section 8.2 (UAS behaviour, in its order), 18.1.2, 18.2.1: what comes in.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

internal sealed partial class SipUserAgent
{
    private const string Accept415 = "application/sdp, multipart/mixed, multipart/alternative";

    /// <summary>Takes in one datagram, or one message a <see cref="SipStreamFramer"/> cut out of a connection.</summary>
    public void Receive(ReadOnlySpan<byte> data, SipEndpoint from, Instant now)
    {
        var parsed = SipParser.Parse(data);
        if (parsed.Status == SipParseStatus.KeepAlive) return;
        if (parsed.Message is not { } message)
        {
            Dropped++;
        }
        else if (parsed.Status != SipParseStatus.Ok)
        {
            Dropped++;
            Stateless(message, from, parsed.ResponseCode, parsed.Reason);
        }
        else if (message.IsRequest) Request(message, from, now);
        else if (!_core.Layer.ReceiveResponse(message, now)) Dropped++;
    }

    void ISipCallTable.Respond(SipServerTransaction transaction, SipResponse response, Instant now) => Respond(transaction, response, now);

    private void Request(SipMessage request, SipEndpoint from, Instant now)
    {
        if (_core.Layer.FindServer(request) is { } known)
        {
            if (request.Method != SipMethod.Ack) known.OnRetransmission();
            // With a magic cookie the ACK of a 2xx has a branch of its own; an RFC 2543 caller's meets the transaction.
            else if (known.State == SipServerState.Accepted) known.Call?.Acknowledged(request, now);
            else known.OnAck(now);
            return;
        }

        if (request.Method == SipMethod.Ack)
        {
            if (_dialogs.TryGetValue((request.CallId, request.ToTag), out var acknowledged)) acknowledged.Acknowledged(request, now);
            else Dropped++;
            return;
        }

        if (_core.Layer.IsFull)
        {
            Dropped++;
            Stateless(request, from, 503, null);
            return;
        }

        var merged = _core.Layer.IsMerged(request);
        var transaction = _core.Layer.StartServer(request, from);
        if (request.Method == SipMethod.Cancel) Cancel(transaction, now);
        else if (merged) Say(transaction, 482, now);
        else if (Unsupported(request) is { Length: > 0 } tags) Say(transaction, 420, now, ("Unsupported", tags));
        else if (request.ToTag.Length > 0) InDialog(transaction, now);
        else OutOfDialog(transaction, now);
    }

    private void InDialog(SipServerTransaction transaction, Instant now)
    {
        var request = transaction.Request;
        if (!_dialogs.TryGetValue((request.CallId, request.ToTag), out var call))
        {
            Say(transaction, 481, now);
            return;
        }

        (transaction.Call, transaction.LocalTag) = (call, call.LocalTag);
        if (request.Method == SipMethod.Invite) Respond(transaction, new SipResponse(100), now);
        if (request.Method is SipMethod.Invite or SipMethod.Update && BadBody(request)) Say(transaction, 415, now, ("Accept", Accept415));
        else call.Receive(transaction, now);
    }

    private void OutOfDialog(SipServerTransaction transaction, Instant now)
    {
        var request = transaction.Request;
        if (request.RequestUri is not { IsSip: true }) Say(transaction, 416, now);
        else if (request.Method == SipMethod.Options)
            Say(transaction, 200, now, ("Allow", SipCall.Allow), ("Accept", SipBody.Sdp), ("Accept-Encoding", "identity"), ("Accept-Language", "en"), ("Supported", "100rel, timer"));
        else if (request.Method == SipMethod.Invite) Invite(transaction, now);
        else if (request.Method is SipMethod.Bye or SipMethod.Prack or SipMethod.Update or SipMethod.Info or SipMethod.Notify) Say(transaction, 481, now);
        else Say(transaction, request.Method == SipMethod.Unknown ? 501 : 405, now, ("Allow", SipCall.Allow));
    }

    private void Invite(SipServerTransaction transaction, Instant now)
    {
        var request = transaction.Request;
        if (BadBody(request))
        {
            Say(transaction, 415, now, ("Accept", Accept415), ("Accept-Encoding", "identity"));
            return;
        }

        if (request.Has(SipHeader.Accept) && !AcceptsSdp(request))
        {
            Say(transaction, 406, now);
            return;
        }

        if (_core.Options.Authenticate is { } server && server.Verify(request, now) is var verdict and not DigestVerdict.Ok)
        {
            Say(transaction, 401, now, ("WWW-Authenticate", server.Challenge(now, verdict == DigestVerdict.Stale)));
            return;
        }

        if (TooSmall(request))
        {
            Say(transaction, 422, now, ("Min-SE", $"{(long)_core.Options.MinSe.TotalSeconds}"));
            return;
        }

        if (_calls.Count >= _core.Options.MaxCalls)
        {
            Say(transaction, 503, now, ("Retry-After", "30"));
            return;
        }

        // At once: the host may take its time, and 200 ms are over soon (section 17.2.1).
        Respond(transaction, new SipResponse(100), now);
        if (SipCall.Take(_core, this, transaction, now) is not { } call)
        {
            Say(transaction, 400, now);
            return;
        }

        Add(call);
        _core.Emit(new SipCallIncoming(call.Handle, request, SipBody.FindSdp(request), transaction.Source));
    }

    private void Cancel(SipServerTransaction transaction, Instant now)
    {
        var invite = _core.Layer.FindCancelled(transaction.Request);
        if (invite is null)
        {
            Say(transaction, 481, now);
            return;
        }

        transaction.LocalTag = invite.LocalTag;
        Say(transaction, 200, now);
        if (!invite.IsFinal) invite.Call?.Cancelled(invite, transaction.Request, now);
    }

    private void Say(SipServerTransaction transaction, int code, Instant now, params IReadOnlyList<(string, string)> headers) =>
        Respond(transaction, new SipResponse(code) { Headers = headers }, now);

    private void Respond(SipServerTransaction transaction, SipResponse response, Instant now)
    {
        var tag = response.ToTag ?? (response.Code > 100 ? transaction.LocalTag ??= _core.Random.Token() : null);
        var writer = SipResponses.Begin(_core.Writer, transaction.Request, transaction.Source, response.Code, response.Phrase, tag);
        if (response.ContactUser is not null) writer.Header(SipHeader.Contact, _core.Contact(response.ContactUser, transaction.Source));
        foreach (var (name, value) in response.Headers) writer.Header(name, value);
        writer.Header(SipHeader.Server, _core.Options.Product);
        writer.Body(response.ContentType, response.Body.Span);
        transaction.Respond(response.Code, writer.ToArray(), now);
    }

    /// <summary>Answers without keeping anything: for broken messages and when the tables are full.</summary>
    private void Stateless(SipMessage request, SipEndpoint from, int code, string? phrase)
    {
        SipResponses.Begin(_core.Writer, request, from, code, phrase, _core.Random.Token()).NoBody();
        _core.Layer.Send(SipResponses.Destination(request, from), _core.Writer.ToArray());
    }

    private static string Unsupported(SipMessage request)
    {
        if (!request.Has(SipHeader.Require)) return "";
        return string.Join(", ", request.List(SipHeader.Require).Where(t => t.ToLowerInvariant() is not ("100rel" or "timer")));
    }

    private static bool BadBody(SipMessage request)
    {
        if (request.Body.IsEmpty) return false;
        if (request.Text(SipHeader.ContentEncoding) is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)) return true;
        var type = request.Value(SipHeader.ContentType);
        return !SipBody.IsType(type, "application/sdp"u8) && !SipBody.IsMultipart(type);
    }

    private static bool AcceptsSdp(SipMessage request) => request.List(SipHeader.Accept)
        .Exists(a => a.Split(';')[0].Trim().ToLowerInvariant() is "application/sdp" or "application/*" or "*/*");

    private bool TooSmall(SipMessage request) =>
        _core.Options.SessionExpires > TimeSpan.Zero && request.HasToken(SipHeader.Supported, "timer"u8)
        && request.Number(SipHeader.SessionExpires) is { } seconds && seconds < _core.Options.MinSe.TotalSeconds;
}
