// RFC 2782: lowest priority first; inside one priority a draw by weight, without putting back.
namespace SipStreamApp.Media.Sip;

/// <summary>One SRV record.</summary>
internal readonly record struct SrvRecord(int Priority, int Weight, int Port, string Target);

internal static class SrvOrder
{
    public static List<SrvRecord> Sort(IReadOnlyList<SrvRecord> records, SipRandom random)
    {
        var result = new List<SrvRecord>(records.Count);
        // A single "." means: the service is decidedly not offered.
        if (records is [{ Target: "." or "" }]) return result;
        foreach (var group in records.GroupBy(r => r.Priority).OrderBy(g => g.Key))
        {
            // Weight 0 first, so that it keeps its small chance (RFC 2782, "Weight").
            var left = group.OrderBy(r => r.Weight).ToList();
            while (left.Count > 0)
            {
                var draw = (int)(random.NextDouble() * (left.Sum(r => r.Weight) + 1));
                var sum = 0;
                var pick = left.FindIndex(r => (sum += r.Weight) >= draw);
                result.Add(left[pick]);
                left.RemoveAt(pick);
            }
        }

        return result;
    }
}
