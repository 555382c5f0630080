using System.Net;
using SipStreamApp.Live;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.Audit;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.People;
using SipStreamApp.Signalling.Session;

namespace SipStreamApp.Signalling.Driver;

/// <summary>What clients of the Web SDK may do where users are required: by the key or link of their <c>connection</c> message.</summary>
internal sealed partial class ClientAccess(
    PlayAccess play, LinkSeats seats, LinkSigner signer, ApiKeyStore keys, SignInThrottle throttle, AuditLog audit, RightsWatch watch, RemovedViewers removed, ILogger<ClientAccess> logger)
{
    /// <summary>The rights of a client that brings these tokens.</summary>
    public async Task<ClientRights> RightsAsync(ClientRights before, IReadOnlyList<string> tokens, CancellationToken cancel)
    {
        var address = before.Caller.Address;
        foreach (var token in tokens)
        {
            // An address that has guessed wrong too often is not even looked at.
            if (throttle.WaitOf(address) > TimeSpan.Zero) break;
            var isKey = token.StartsWith(ApiKeyStore.Prefix, StringComparison.Ordinal);
            if (isKey && await keys.FindAsync(token, cancel) is { } key) return new ClientRights(new Caller(CallerKind.Key, key.Name, key.Scopes, address) { Id = key.Id }, before.Link);
            if (!isKey && signer.Read(token) is not null) return before with { Link = token };

            // Others are of an earlier session, or the application's own: no guess at ours.
            if (isKey || token.Contains('.', StringComparison.Ordinal)) throttle.Failed(address);
        }

        return before;
    }

    /// <summary>Null where the client may play the stream; and the link it plays by, where it is by one.</summary>
    public async Task<(Failure? Failure, PlayLink? Link)> CheckAsync(ClientRights rights, StreamName stream, CancellationToken cancel)
    {
        if (IPAddress.TryParse(rights.Caller.Address, out var address) && removed.Refuses(stream.Value, address)) return (MediaEngine.ViewerRemoved, null);
        var (failure, link) = await play.CheckAsync(rights.Caller, stream.Value, rights.Link, cancel);
        if (failure is not null) Log.Refused(logger, stream, rights.Caller.Address, failure.Title);
        return (failure, link);
    }

    /// <summary>Remembers who asked for a session of the engine, by which he may be sent away.</summary>
    public void Opened(ClientRights rights, string browserId) => removed.Opened(browserId, IPAddress.TryParse(rights.Caller.Address, out var address) ? address : null);

    /// <summary>Ends something when the key or user it came by is good no more.</summary>
    public void Hold(Caller caller, Action end, Func<bool> lasts) => watch.Hold(caller, end, lasts);

    /// <summary>Counts a viewer who came by a link; false where all its seats are taken.</summary>
    public bool TakeSeat(PlayLink link, string seat, Action? end = null) => seats.TryTake(link, seat, SeatKind.Request, end);

    /// <summary>From now on the seat lasts as long as that session with the engine; null: it did not come to one.</summary>
    public void Seated(PlayLink link, string seat, string? browserId) => seats.Seated(link.Id, seat, browserId);

    /// <summary>Gives a seat back.</summary>
    public void LeaveSeat(string link, string seat) => seats.Leave(link, seat);

    /// <summary>Into the audit table.</summary>
    public void Note(ClientRights rights, string action, string target, bool isDone) => audit.Add(rights.Caller, action, target, isDone ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);

    /// <summary>What a refused viewer is told.</summary>
    public static Failure Full { get; } = new("link-full", Blame.Caller, "All seats of this link are taken") { Retryable = true };

    private static partial class Log
    {
        [LoggerMessage(Hosting.EventIds.ClientRefused, LogLevel.Information, "Stream {Stream} is refused to a Web SDK client at {Address}: {Cause}")]
        public static partial void Refused(ILogger logger, StreamName stream, string address, string cause);
    }
}
