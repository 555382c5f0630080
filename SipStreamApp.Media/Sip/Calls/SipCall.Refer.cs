// RFC 3515 (REFER and the NOTIFY that tells what came of it), RFC 3892 (Referred-By), RFC 5589 section 6 (blind transfer).
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

internal sealed partial class SipCall
{
    private SipOutgoingRequest? _refer;
    private bool _referred;
    private bool _referIsOver;

    /// <summary>Asks the other side to call somebody else; false where the call is not up or an earlier wish is open.</summary>
    public bool Refer(SipUri target, SipUri referredBy, Instant now)
    {
        if (State != SipCallState.Up || _refer is not null || _referred) return false;
        var draft = _dialog!.Draft("REFER", _contactUser);
        draft.Headers.Add(("Refer-To", $"<{target}>"));
        draft.Headers.Add(("Referred-By", $"<{referredBy}>"));
        draft.Headers.Add(("Allow", Allow));
        _referIsOver = false;
        _refer = new SipOutgoingRequest(_core, draft, _digest, this);
        _refer.Start(now);
        return true;
    }

    private void ReferFinal(int status, string phrase, Instant now)
    {
        _refer = null;
        if (State != SipCallState.Up) return;
        if (status is 481 or 408)
        {
            Abort(SipCallEnd.PeerGone, null, now);
            return;
        }

        _referred = status is >= 200 and < 300 && !_referIsOver;
        _core.Emit(new SipReferAnswered(Handle, status, phrase));
    }

    // The first one may overtake the answer to the REFER (RFC 3515 section 2.4.4); 481 ends a subscription that is not ours.
    private void TakeNotify(SipServerTransaction transaction, Instant now)
    {
        var request = transaction.Request;
        var package = (request.Text(SipHeader.Event) ?? "").Split(';')[0].Trim();
        if (!package.Equals("refer", StringComparison.OrdinalIgnoreCase))
        {
            Say(transaction, 489, now, ("Allow-Events", "refer"));
            return;
        }

        if (_refer is null && !_referred)
        {
            Say(transaction, 481, now);
            return;
        }

        Say(transaction, 200, now);
        var isLast = (request.Text("Subscription-State") ?? "").TrimStart().StartsWith("terminated", StringComparison.OrdinalIgnoreCase);
        var (status, phrase) = StatusLine(request.Body.Span);
        // The subscription may end without a word on the outcome (it timed out, say): then there was none.
        if (isLast && status < 200) (status, phrase) = (408, "No final word on the transfer");
        if (status >= 200) (_referred, _referIsOver) = (false, true);
        if (status > 0) _core.Emit(new SipReferProgress(Handle, status, phrase));
    }

    // A fragment begins with a status line (RFC 3420); 0 where it does not.
    private static (int Status, string Phrase) StatusLine(ReadOnlySpan<byte> fragment)
    {
        var end = fragment.IndexOfAny((byte)'\r', (byte)'\n');
        var parts = SipText.ToText(end < 0 ? fragment : fragment[..end]).Trim().Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        return parts is [var version, var code, ..] && version.StartsWith("SIP/", StringComparison.OrdinalIgnoreCase) && int.TryParse(code, out var status) && status is >= 100 and < 700
            ? (status, parts.Length > 2 ? parts[2] : "")
            : (0, "");
    }
}
