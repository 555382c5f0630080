// RFC 3550 section 11: RTP on an even UDP port, RTCP on the next higher one.
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>Binds pairs of a range on a loop. Any thread may call.</summary>
internal sealed class RtpPorts(PortRange range, TimeSpan rest)
{
    /// <summary>How long a freed pair rests when nothing else is said.</summary>
    public static readonly TimeSpan DefaultRest = TimeSpan.FromSeconds(2);

    private readonly PortPairPool _pool = new(range, rest);

    public int Capacity => _pool.Capacity;

    public int InUse => _pool.InUse;

    /// <summary>Binds free pairs for a moment, one after the other, at most so many. Calls may take ports meanwhile: one pair is missing at a time.</summary>
    public RtpPortProbe Probe(EngineClock clock, int most)
    {
        var (foreign, tried, problem) = (new List<int>(), 0, (string?)null);
        for (; tried < Math.Min(most, _pool.Capacity) && _pool.TryTake(clock.Now, out var even); tried++)
        {
            if ((WhyNot(even) ?? WhyNot(even + 1)) is { } why)
            {
                problem = why;
                foreign.Add(even);
            }

            _pool.ReturnUnused(even, clock.Now);
        }

        return new RtpPortProbe(range.ToString(), Capacity, InUse, tried, foreign, foreign.Count == tried ? problem : null);
    }

    /// <summary>Binds the next free pair on <paramref name="local"/>; pairs that another program holds are passed over.</summary>
    public bool TryBind(NetLoop loop, IPAddress local, IDatagramHandler rtp, IDatagramHandler rtcp, UdpPortOptions options,
        [NotNullWhen(true)] out RtpPortPair? pair, [NotNullWhen(false)] out Failure? failure)
    {
        pair = null;
        for (var attempt = 0; attempt < _pool.Capacity; attempt++)
        {
            if (!_pool.TryTake(loop.ReadClock(), out var even)) break;
            if (loop.TryBind(new IPEndPoint(local, even), rtp, options, out var first, out failure))
            {
                if (loop.TryBind(new IPEndPoint(local, even + 1), rtcp, options, out var second, out failure))
                {
                    pair = new RtpPortPair(first, second, _pool);
                    return true;
                }

                first.Dispose();
            }

            _pool.Return(even, loop.ReadClock());
            // Another port would fail for the same reason.
            if (failure.Code != "port-taken") return false;
        }

        failure = new("ports-exhausted", Blame.Server, $"All {_pool.Capacity} RTP port pairs of {range} are in use",
            "Widen the RTP port range, or wait until calls end") { Retryable = true };
        return false;
    }

    private static string? WhyNot(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
    }
}

/// <summary>The range of RTP ports as the system has it at one moment.</summary>
/// <param name="Range">The range, "first-last".</param>
/// <param name="Pairs">Pairs in it.</param>
/// <param name="InUse">Pairs that calls hold.</param>
/// <param name="Tried">Pairs that were bound for a moment.</param>
/// <param name="Foreign">Of these, even ports of pairs that another program holds.</param>
/// <param name="Problem">Why none could be bound at all, in the system's words; null where some could.</param>
public sealed record RtpPortProbe(string Range, int Pairs, int InUse, int Tried, IReadOnlyList<int> Foreign, string? Problem);

/// <summary>An RTP port and the RTCP port beside it; closed together.</summary>
internal sealed class RtpPortPair : IDisposable
{
    private readonly PortPairPool _pool;
    private int _disposed;

    internal RtpPortPair(UdpPort rtp, UdpPort rtcp, PortPairPool pool) => (Rtp, Rtcp, _pool) = (rtp, rtcp, pool);

    public UdpPort Rtp { get; }

    public UdpPort Rtcp { get; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        Rtp.Dispose();
        Rtcp.Dispose();
        _pool.Return(Rtp.LocalEndPoint.Port, Rtp.Loop.ReadClock());
    }
}
