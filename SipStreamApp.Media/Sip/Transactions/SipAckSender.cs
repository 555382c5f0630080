// RFC 3261 section 13.2.2.4: the ACK of a 2xx is a request of its own, sent once per 2xx received.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

/// <summary>Makes one ACK and repeats it as often as the 2xx comes.</summary>
internal sealed class SipAckSender(SipCore core, SipDialog dialog, SipOutgoingRequest invite, uint cseq) : ISipResolveUser
{
    private SipEndpoint _target;
    private byte[]? _bytes;

    public void Send(Instant now)
    {
        if (_bytes is not null) core.Layer.Send(_target, _bytes);
        else core.Resolve(dialog.NextHop, this, now);
    }

    public void OnResolved(IReadOnlyList<SipEndpoint> targets, Instant now)
    {
        if (targets.Count == 0) return;
        _target = targets[0];
        var (uri, routes) = dialog.RequestLine();
        core.Writer.Request("ACK", uri).Header(SipHeader.Via, core.Via(_target, core.NewBranch())).Header(SipHeader.MaxForwards, 70);
        foreach (var route in routes) core.Writer.Header(SipHeader.Route, route);
        core.Writer.Header(SipHeader.From, dialog.Local).Header(SipHeader.To, dialog.Remote)
            .Header(SipHeader.CallId, dialog.CallId).Header(SipHeader.CSeq, $"{cseq} ACK");
        invite.WriteCredentials(core.Writer, "ACK", uri);
        core.Writer.NoBody();
        _bytes = core.Writer.ToArray();
        core.Layer.Send(_target, _bytes);
    }
}
