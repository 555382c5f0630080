// RFC 3261 section 8.1.1, 18.3 and 20: what every message must hold to be worth looking at.
namespace SipStreamApp.Media.Sip;

/// <summary>Checks on header ranges; allocates nothing.</summary>
internal static class SipChecks
{
    /// <summary>Applies Content-Length to a datagram: surplus bytes are cut, missing bytes are an error (section 18.3).</summary>
    public static bool ContentLength(ReadOnlySpan<byte> data, ReadOnlySpan<SipHeaderRange> headers, int bodyStart, ref int end, out string reason)
    {
        reason = "";
        long length = -1;
        foreach (ref readonly var h in headers)
        {
            if (h.Id != SipHeader.ContentLength) continue;
            if (!SipText.TryNumber(data.Slice(h.ValueStart, h.ValueLength), int.MaxValue, out var n)) reason = "Bad Content-Length";
            else if (length >= 0 && length != n) reason = "Conflicting Content-Length";
            else length = n;
        }

        if (length > data.Length - bodyStart) reason = "Content-Length Larger Than Message";
        if (reason.Length == 0 && length >= 0) end = bodyStart + (int)length;
        return reason.Length == 0;
    }

    /// <summary>Mandatory headers, each once; addresses, Via, CSeq and Date well formed.</summary>
    public static bool Headers(ReadOnlySpan<byte> data, ReadOnlySpan<SipHeaderRange> headers, ref SipStartLine start, out string reason)
    {
        reason = "";
        ulong seen = 0;
        foreach (ref readonly var h in headers)
        {
            var value = data.Slice(h.ValueStart, h.ValueLength);
            var bit = 1UL << (int)h.Id;
            var again = (seen & bit) != 0;
            seen |= bit;
            switch (h.Id)
            {
                case SipHeader.From or SipHeader.To or SipHeader.CallId or SipHeader.CSeq or SipHeader.MaxForwards when again:
                    reason = $"Repeated {SipHeaders.Name(h.Id)}";
                    return false;
                case SipHeader.From or SipHeader.To when !SipNameAddrView.TryReadOnly(value, out _):
                case SipHeader.Contact when !Contacts(value):
                case SipHeader.Via when !Vias(value):
                case SipHeader.CSeq when !CSeq(value, data, ref start):
                case SipHeader.CallId when value.IsEmpty:
                case SipHeader.Route or SipHeader.RecordRoute when !Contacts(value):
                case SipHeader.Date when !value.EndsWith("GMT"u8):
                    reason = $"Bad {SipHeaders.Name(h.Id)}";
                    return false;
            }
        }

        reason = Missing(seen);
        return reason.Length == 0;
    }

    private static string Missing(ulong seen)
    {
        if ((seen & (1UL << (int)SipHeader.Via)) == 0) return "Missing Via";
        if ((seen & (1UL << (int)SipHeader.From)) == 0) return "Missing From";
        if ((seen & (1UL << (int)SipHeader.To)) == 0) return "Missing To";
        if ((seen & (1UL << (int)SipHeader.CallId)) == 0) return "Missing Call-ID";
        return (seen & (1UL << (int)SipHeader.CSeq)) == 0 ? "Missing CSeq" : "";
    }

    private static bool Contacts(ReadOnlySpan<byte> value)
    {
        if (value is [(byte)'*']) return true;
        do
        {
            if (!SipNameAddrView.TryRead(ref value, out _)) return false;
        }
        while (!value.IsEmpty);
        return true;
    }

    private static bool Vias(ReadOnlySpan<byte> value)
    {
        do
        {
            if (!SipViaView.TryRead(ref value, out _)) return false;
        }
        while (!value.IsEmpty);
        return true;
    }

    private static bool CSeq(ReadOnlySpan<byte> value, ReadOnlySpan<byte> data, ref SipStartLine start)
    {
        var end = 0;
        while (end < value.Length && !SipText.IsLws(value[end])) end++;
        // Section 8.1.1.5: less than 2**31.
        if (!SipText.TryNumber(value[..end], int.MaxValue, out start.CSeq)) return false;
        var method = SipText.Trim(value[end..]);
        if (start.StatusCode == 0) return method.SequenceEqual(data[start.MethodRange]);
        start.Method = SipMethods.Identify(method);
        return SipText.IsToken(method);
    }
}
