using System.Net;
using System.Net.Sockets;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Outgoing;

/// <summary>
/// Decides where the program may connect to on somebody's word: hooks, the webhook, the address told of recordings, pushes. One for all of them.
/// Every address behind a name must be allowed, and the connection goes to just those that were looked at: a name server that changes its
/// answer in between (DNS rebinding) changes nothing.
/// </summary>
/// <param name="refusePrivate">Private networks and this machine are refused; else only addresses that are never meant (link-local, metadata services).</param>
/// <param name="allowed">Networks and hosts that are let in all the same, separated by commas.</param>
public sealed class OutgoingGuard(bool refusePrivate, string allowed = "")
{
    private readonly AllowedTargets _allowed = AllowedTargets.TryParse(allowed, out var list, out var wrong) ? list : throw new ArgumentException($"\"{wrong}\" is no network and no host.", nameof(allowed));

    /// <summary>Refuses only what is never meant: the guard of a server that serves its own machine alone.</summary>
    public static OutgoingGuard Open { get; } = new(refusePrivate: false);

    /// <summary>True where only public addresses and those of the list are let in.</summary>
    public bool RefusesPrivate => refusePrivate;

    /// <summary>Looks a name up; tests put another in.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> LookUp { get; init; } = static (host, cancel) => Dns.GetHostAddressesAsync(host, cancel);

    /// <summary>The first entry of the list that is neither a network nor a host, or null.</summary>
    public static string? WrongEntry(string allowed) => AllowedTargets.TryParse(allowed, out _, out var wrong) ? null : wrong;

    /// <summary>
    /// The failure "private-target" where a host is written as an address that is refused, in whatever form (decimal, octal, IPv4 in IPv6), or
    /// as localhost; null where it may be tried. For settings, which are checked before anything is looked up.
    /// </summary>
    public Failure? CheckWritten(string host)
    {
        var plain = Plain(host);
        if (IPAddress.TryParse(plain, out var address)) return Judge(plain, address);
        var isHere = plain.Equals("localhost", StringComparison.OrdinalIgnoreCase) || plain.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        return isHere ? Judge(plain, IPAddress.Loopback) : null;
    }

    /// <summary>The addresses to connect to. Failure codes: "private-target", "host-not-found".</summary>
    /// <param name="host">Name or address, IPv6 with or without brackets.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Outcome<IPAddress[]>> ResolveAsync(string host, CancellationToken cancel)
    {
        var plain = Plain(host);
        if (IPAddress.TryParse(plain, out var literal)) return Judge(plain, literal) is { } refused ? refused : new[] { literal };
        try
        {
            var found = await LookUp(plain, cancel).ConfigureAwait(false);
            if (found.Length == 0) return NotFound;
            foreach (var address in found) if (Judge(plain, address) is { } refused) return refused;
            return found;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return NotFound;
        }
    }

    /// <summary>A handler whose connections go through this guard: no redirects, no cookies, no proxy of the environment, which would hide the target from it.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectCallback = ConnectAsync,
    };

    /// <summary>What the guard said, where it is the reason of a failed request; else null.</summary>
    public static Failure? Explain(Exception? e)
    {
        for (; e is not null; e = e.InnerException) if (e is OutgoingRefusedException refused) return refused.Failure;
        return null;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var target = await ResolveAsync(context.DnsEndPoint.Host, cancel).ConfigureAwait(false);
        if (!target.Succeeded) throw new OutgoingRefusedException(target.Failures[0]);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target.Value, context.DnsEndPoint.Port, cancel).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Failure? Judge(string host, IPAddress address)
    {
        if (_allowed.Contains(address)) return null;
        if (AddressKinds.IsNeverMeant(address)) return Refused;
        return !refusePrivate || AddressKinds.IsPublic(address) || _allowed.Names(host) ? null : Refused;
    }

    // A dot at the end says that the name is whole; it is the same name.
    private static string Plain(string host) => host.Trim('[', ']').TrimEnd('.');

    private static Failure Refused { get; } = new(
        "private-target", Blame.Caller, "This address lies in a private network", "The key Outgoing:Allowed names networks and hosts that may be reached there.");

    private static Failure NotFound { get; } = new("host-not-found", Blame.Network, "The server's name was not found", "Check the spelling of the address.") { Retryable = true };
}

/// <summary>A connection that was not made: <see cref="Failure"/> says why.</summary>
internal sealed class OutgoingRefusedException(Failure failure) : IOException(failure.Title)
{
    public Failure Failure => failure;
}
