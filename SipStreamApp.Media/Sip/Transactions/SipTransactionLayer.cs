// RFC 3261 section 17.1.3 and 17.2.3: finding the transaction a message belongs to, by hash.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

/// <summary>All transactions of one user agent.</summary>
internal sealed class SipTransactionLayer(SipTimers timers, SipTimerQueue queue, Queue<SipOutgoing> output, SipWriter writer, int maxTransactions)
{
    private readonly Dictionary<(string Branch, SipMethod Method), SipClientTransaction> _clients = [];
    private readonly Dictionary<string, SipServerTransaction> _servers = [];
    private readonly Dictionary<string, SipServerTransaction> _merge = [];

    public SipTimers Timers { get; } = timers;

    public SipTimerQueue Queue { get; } = queue;

    public SipWriter Writer { get; } = writer;

    public int ClientCount => _clients.Count;

    public int ServerCount => _servers.Count;

    public bool IsFull => _servers.Count >= maxTransactions || _clients.Count >= maxTransactions;

    public void Send(SipEndpoint to, byte[] bytes) => output.Enqueue(new SipOutgoing(to, bytes));

    public SipClientTransaction StartClient(string branch, SipMethod method, byte[] bytes, SipEndpoint target, ISipClientTransactionUser? user, Instant now)
    {
        var transaction = new SipClientTransaction(this, branch, method, bytes, target, user);
        _clients[(branch, method)] = transaction;
        transaction.Start(now);
        return transaction;
    }

    /// <summary>Hands a response to its transaction; false where there is none (a stray, to be dropped).</summary>
    public bool ReceiveResponse(SipMessage response, Instant now)
    {
        // Exactly one Via may be left when a response reaches its client (section 8.1.3.3, RFC 4475 3.3.10).
        if (response.TopVia is not { } via || response.ViaCount != 1) return false;
        if (!_clients.TryGetValue((via.Branch, response.Method), out var transaction)) return false;
        transaction.OnResponse(response, now);
        return true;
    }

    /// <summary>The transaction a request belongs to: its own, or for ACK that of the INVITE.</summary>
    public SipServerTransaction? FindServer(SipMessage request) =>
        _servers.GetValueOrDefault(Key(request, request.Method == SipMethod.Ack ? SipMethod.Invite : request.Method));

    /// <summary>The INVITE a CANCEL speaks of (section 9.2).</summary>
    public SipServerTransaction? FindCancelled(SipMessage cancel) => _servers.GetValueOrDefault(Key(cancel, SipMethod.Invite));

    /// <summary>True where the same request already came along another way (section 8.2.2.2).</summary>
    public bool IsMerged(SipMessage request) => request.ToTag.Length == 0 && _merge.ContainsKey(MergeKey(request));

    public SipServerTransaction StartServer(SipMessage request, SipEndpoint source)
    {
        var merge = request.ToTag.Length == 0 ? MergeKey(request) : null;
        var transaction = new SipServerTransaction(this, Key(request, request.Method), merge, request, source);
        _servers[transaction.Key] = transaction;
        if (merge is not null) _merge[merge] = transaction;
        return transaction;
    }

    /// <summary>Fails every request that is on its way to a destination the host could not reach.</summary>
    public void OnTransportError(SipEndpoint target, Instant now)
    {
        var hit = new List<SipClientTransaction>();
        foreach (var transaction in _clients.Values)
            if (transaction.Target == target) hit.Add(transaction);
        foreach (var transaction in hit) transaction.OnTransportError(now);
    }

    internal void Remove(SipClientTransaction transaction) => _clients.Remove((transaction.Branch, transaction.Method));

    internal void Remove(SipServerTransaction transaction)
    {
        _servers.Remove(transaction.Key);
        if (transaction.MergeKey is not null && _merge.GetValueOrDefault(transaction.MergeKey) == transaction) _merge.Remove(transaction.MergeKey);
    }

    // The To tag is left out of the RFC 2543 key: the INVITE has none and its ACK has ours. Call-ID, From tag, CSeq and Via are enough.
    private static string Key(SipMessage request, SipMethod method)
    {
        var name = method == SipMethod.Unknown ? request.MethodText : SipMethods.Name(method);
        return request.TopVia is { HasMagicCookie: true } via
            ? $"{via.Branch}|{via.SentBy.ToLowerInvariant()}|{name}"
            : $"{request.CallId}|{request.FromTag}|{request.CSeq}|{SipText.ToText(request.Value(SipHeader.Via))}|{name}";
    }

    private static string MergeKey(SipMessage request) => $"{request.CallId}|{request.FromTag}|{request.CSeq}|{request.MethodText}";
}
