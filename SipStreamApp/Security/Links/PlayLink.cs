namespace SipStreamApp.Security.Links;

/// <summary>Leave to play one stream until a moment, for whoever has the link.</summary>
internal sealed class PlayLink
{
    /// <summary>Twelve characters; part of the link.</summary>
    public required string Id { get; set; }

    /// <summary>The one stream it opens.</summary>
    public required string StreamName { get; set; }

    public string? Label { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Viewers at once; null: any number.</summary>
    public int? MaxViewers { get; set; }

    public required string CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>A link with the token that goes into <c>k=</c>.</summary>
internal sealed record SignedLink(PlayLink Link, string Token);

/// <summary>All links that did not expire long ago.</summary>
internal sealed record PlayLinkList(IReadOnlyList<SignedLink> Links);
