using System.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls.Trace;

/// <summary>
/// Stands at the SIP port and hands each message to the traces of the calls it belongs to, by Call-ID. Calls to the demo callee have both
/// ends here with one Call-ID: our end is told by its tag. Lives on the sip loop.
/// </summary>
internal sealed class SipTap
{
    // Of a call that comes in, INVITE and 100 pass before anybody can follow it.
    private const int UnclaimedKept = 16;

    // BYE is answered after the end, and so is an un-REGISTER.
    private static readonly TimeSpan AfterEnd = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, List<(string LocalTag, CallTrace Trace)>> _followed = [];
    private readonly Queue<(string CallId, byte[] Bytes, bool Sent, string Local, SipEndpoint Peer, Instant At)> _unclaimed = [];

    /// <summary>Dialogs and registrations that are followed.</summary>
    public int Count => _followed.Count;

    /// <summary>From now on messages of that dialog or registration go to the trace, and what passed of it a moment ago, too.</summary>
    /// <param name="dialog">Call-ID and the tag of our end.</param>
    /// <param name="trace">Where to.</param>
    /// <param name="now">Now.</param>
    public void Follow((string CallId, string LocalTag) dialog, CallTrace trace, Instant now)
    {
        Forget(now);
        if (!_followed.TryGetValue(dialog.CallId, out var all)) _followed[dialog.CallId] = all = [];
        if (all.Exists(f => f.Trace == trace)) return;
        all.Add((dialog.LocalTag, trace));
        foreach (var m in _unclaimed) if (m.CallId == dialog.CallId) trace.Add(m.Bytes, m.Sent, m.Local, m.Peer, m.At);
    }

    public void Pass(ReadOnlySpan<byte> message, bool sent, in SipEndpoint peer, Func<SipEndpoint, SipLocalAddress> local, Instant now)
    {
        if (!SipPeek.TryRead(message, out var peek)) return;
        if (!_followed.TryGetValue(peek.CallId, out var all))
        {
            if (!peek.IsInvite) return;
            if (_unclaimed.Count >= UnclaimedKept) _unclaimed.Dequeue();
            _unclaimed.Enqueue((peek.CallId, message.ToArray(), sent, local(peer).ToString(), peer, now));
            return;
        }

        foreach (var (tag, trace) in all)
        {
            // Our end is in From of what we ask and of what we are answered.
            var isOurs = (peek.FromTag == tag) == (sent == peek.IsRequest);
            if (isOurs && (trace.EndedAt == Instant.Never || now - trace.EndedAt < AfterEnd)) trace.Add(message, sent, local(peer).ToString(), peer, now);
        }
    }

    private void Forget(Instant now)
    {
        foreach (var (id, all) in _followed)
        {
            all.RemoveAll(f => f.Trace.EndedAt != Instant.Never && now - f.Trace.EndedAt > AfterEnd);
            if (all.Count == 0) _followed.Remove(id);
        }
    }
}
