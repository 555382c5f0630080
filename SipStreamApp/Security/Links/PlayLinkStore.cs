using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Security.Links;

/// <summary>The play links: making, revoking, and whether a token opens a stream.</summary>
internal sealed class PlayLinkStore(SecurityData data, LinkSigner signer)
{
    private static readonly TimeSpan Reload = TimeSpan.FromSeconds(30);
    private volatile FrozenDictionary<string, PlayLink>? _known;
    private DateTimeOffset _until;

    /// <summary>Longest life of a link.</summary>
    public static TimeSpan MaxLife => TimeSpan.FromDays(366);

    /// <summary>Makes a link. Failure codes: "invalid-field" (Field streamName, expiresInSeconds, maxViewers, label), "database".</summary>
    public async Task<Outcome<SignedLink>> CreateAsync(string stream, TimeSpan life, int? maxViewers, string? label, string createdBy, CancellationToken cancel)
    {
        if (!StreamName.TryParse(stream, out var name)) return Wrong("streamName", "must be a stream name: 1 to 64 letters, digits, dots, underscores or hyphens");
        if (life < TimeSpan.FromSeconds(1) || life > MaxLife) return Wrong("expiresInSeconds", "must be 1 second to 366 days");
        if (maxViewers is < 1) return Wrong("maxViewers", "must be 1 or more, or missing");
        if (label?.Length > 100) return Wrong("label", "must be 100 characters at most");
        var now = data.Now;
        var link = new PlayLink
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)), StreamName = name.Value, Label = label, MaxViewers = maxViewers, CreatedBy = createdBy,
            CreatedAt = now, ExpiresAt = DateTimeOffset.FromUnixTimeSeconds((now + life).ToUnixTimeSeconds()),
        };
        var made = await data.WriteAsync<SignedLink>(
            async db =>
            {
                db.PlayLinks.Add(link);
                await db.SaveChangesAsync(cancel);
                return Sign(link);
            },
            cancel);
        _known = null;
        return made;
    }

    /// <summary>Links that are good, and those that ended within a week; newest first.</summary>
    public Task<Outcome<PlayLinkList>> ListAsync(CancellationToken cancel) => data.ReadAsync<PlayLinkList>(
        async db =>
        {
            var since = data.Now.AddDays(-7);
            await db.PlayLinks.Where(l => l.ExpiresAt < since).ExecuteDeleteAsync(cancel);
            var links = await db.PlayLinks.AsNoTracking().OrderByDescending(l => l.CreatedAt).ToListAsync(cancel);
            return new PlayLinkList([.. links.Select(Sign)]);
        },
        cancel);

    /// <summary>Ends a link at once. Returns what stood in the way, or null.</summary>
    public async Task<Failure?> RevokeAsync(string id, CancellationToken cancel)
    {
        var done = await data.WriteAsync<PlayLink>(
            async db =>
            {
                if (await db.PlayLinks.FirstOrDefaultAsync(l => l.Id == id, cancel) is not { } link) return new Failure("link-not-found", Blame.Caller, "There is no such link");
                link.RevokedAt ??= data.Now;
                await db.SaveChangesAsync(cancel);
                return link;
            },
            cancel);
        _known = null;
        return done.Succeeded ? null : done.Failures[0];
    }

    /// <summary>The link of a token where it opens that stream now. Failure codes: "link-forged", "link-expired", "link-revoked", "link-other-stream", "database".</summary>
    public async Task<Outcome<PlayLink>> CheckAsync(string token, string stream, CancellationToken cancel)
    {
        if (signer.Read(token) is not { } claim) return new Failure("link-forged", Blame.Caller, "This link was not made here", "Copy it whole, or ask for another.");
        if (claim.ExpiresAt <= data.Now) return new Failure("link-expired", Blame.Caller, "This link has expired", "Ask for another.");
        if (claim.Stream.Value != stream) return new Failure("link-other-stream", Blame.Caller, "This link is for another stream");
        var known = _known;
        if (known is null || _until <= data.Now || !known.ContainsKey(claim.Id))
        {
            var all = await ListAsync(cancel);
            if (!all.Succeeded) return all.Failures.ToList();
            known = all.Value.Links.ToFrozenDictionary(l => l.Link.Id, l => l.Link);
            (_known, _until) = (known, data.Now + Reload);
        }

        return known.TryGetValue(claim.Id, out var link) && link.RevokedAt is null ? link : new Failure("link-revoked", Blame.Caller, "This link was taken back", "Ask for another.");
    }

    private SignedLink Sign(PlayLink link) => new(
        link, StreamName.TryParse(link.StreamName, out var name) ? signer.Write(new LinkClaim(link.Id, name, link.ExpiresAt)) : "");

    private static Failure Wrong(string field, string what) => new("invalid-field", Blame.Caller, $"{field} {what}") { Field = field };
}
