// RFC 3261 section 12: a dialog, its route set and its sequence numbers.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

/// <summary>A peer-to-peer relation that lasts; early until a 2xx.</summary>
internal sealed class SipDialog
{
    private readonly IReadOnlyList<SipNameAddr> _routes;
    private uint? _remoteCSeq;

    private SipDialog(IReadOnlyList<SipNameAddr> routes, SipUri target) => (_routes, RemoteTarget) = (routes, target);

    public required string CallId { get; init; }

    public required string RemoteTag { get; init; }

    /// <summary>Our From value, with our tag.</summary>
    public required string Local { get; init; }

    /// <summary>Our To value, with the far end's tag.</summary>
    public required string Remote { get; init; }

    public required SipCSeq CSeq { get; init; }

    /// <summary>Contact of the far end, refreshed by re-INVITE and UPDATE.</summary>
    public SipUri RemoteTarget { get; private set; }

    /// <summary>RSeq of the last reliable provisional taken (RFC 3262), 0 before the first.</summary>
    public uint LastRSeq { get; set; }

    /// <summary>Where requests in this dialog are sent.</summary>
    public SipUri NextHop => _routes.Count > 0 ? _routes[0].Uri : RemoteTarget;

    /// <summary>Caller's side (section 12.1.2): the route set is the Record-Route, reversed.</summary>
    public static SipDialog OfCaller(SipRequestDraft invite, SipMessage response, SipUri fallbackTarget)
    {
        var routes = response.Addresses(SipHeader.RecordRoute);
        routes.Reverse();
        return new SipDialog(routes, Contact(response) ?? fallbackTarget)
        {
            CallId = invite.CallId,
            RemoteTag = response.ToTag,
            Local = invite.From,
            Remote = SipText.ToText(response.Value(SipHeader.To)),
            CSeq = invite.CSeq,
        };
    }

    /// <summary>Callee's side (section 12.1.1). An RFC 2543 caller without Contact is reached at its From. Null where neither will do.</summary>
    public static SipDialog? OfCallee(SipMessage invite, string localTag)
    {
        var target = Contact(invite) ?? invite.From?.Uri;
        if (target is not { IsSip: true }) return null;
        return new SipDialog(invite.Addresses(SipHeader.RecordRoute), target)
        {
            CallId = invite.CallId,
            RemoteTag = invite.FromTag,
            Local = $"{SipText.ToText(invite.Value(SipHeader.To))};tag={localTag}",
            Remote = SipText.ToText(invite.Value(SipHeader.From)),
            CSeq = new SipCSeq(),
            _remoteCSeq = invite.CSeq,
        };
    }

    /// <summary>False for a request older than the last one seen (section 12.2.2).</summary>
    public bool TakeCSeq(uint cseq)
    {
        if (_remoteCSeq is { } last && cseq <= last) return false;
        _remoteCSeq = cseq;
        return true;
    }

    /// <summary>Takes over a new Contact (section 12.2.1.2, 12.2.2).</summary>
    public void RefreshTarget(SipMessage message)
    {
        if (Contact(message) is { } target) RemoteTarget = target;
    }

    /// <summary>Request URI and Route values, for loose and strict first routers (section 12.2.1.1).</summary>
    public (string Uri, IReadOnlyList<string> Routes) RequestLine()
    {
        if (_routes.Count == 0) return (RemoteTarget.RequestLineText, []);
        if (_routes[0].Uri.IsLoose) return (RemoteTarget.RequestLineText, [.. _routes.Select(r => r.ToString())]);
        return (_routes[0].Uri.RequestLineText, [.. _routes.Skip(1).Select(r => r.ToString()), $"<{RemoteTarget}>"]);
    }

    /// <summary>A new request in this dialog. A contact user is given for target refresh requests only.</summary>
    public SipRequestDraft Draft(string method, string? contactUser = null, string contentType = "", ReadOnlyMemory<byte> body = default)
    {
        var (uri, routes) = RequestLine();
        return new SipRequestDraft
        {
            Method = method,
            RequestUri = uri,
            Routes = routes,
            NextHop = NextHop,
            From = Local,
            To = Remote,
            CallId = CallId,
            CSeq = CSeq,
            ContactUser = contactUser,
            ContentType = contentType,
            Body = body,
        };
    }

    private static SipUri? Contact(SipMessage message)
    {
        foreach (var contact in message.Addresses(SipHeader.Contact)) if (contact.Uri.IsSip) return contact.Uri;
        return null;
    }
}
