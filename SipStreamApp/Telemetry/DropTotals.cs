using System.Diagnostics.Metrics;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Telemetry;

/// <summary>
/// Frames lost by slow readers since the start, by output. A reader takes its count away when it leaves: what it had at the last look stays
/// in the sum. Drops between the last look and its leaving are not seen.
/// </summary>
internal sealed class DropTotals
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _sums = [];
    private Dictionary<(StreamName, string), long> _last = [];

    public IEnumerable<Measurement<long>> Now(IReadOnlyList<StreamSnapshot> streams)
    {
        lock (_lock)
        {
            var now = new Dictionary<(StreamName, string), long>();
            foreach (var stream in streams)
                foreach (var reader in stream.Readers) now[(stream.Name, reader.Kind)] = now.GetValueOrDefault((stream.Name, reader.Kind)) + reader.Dropped;
            foreach (var (key, dropped) in now)
                _sums[key.Item2] = _sums.GetValueOrDefault(key.Item2) + Math.Max(0, dropped - _last.GetValueOrDefault(key));
            _last = now;
            return [.. _sums.Select(s => new Measurement<long>(s.Value, new KeyValuePair<string, object?>("by", s.Key)))];
        }
    }
}
