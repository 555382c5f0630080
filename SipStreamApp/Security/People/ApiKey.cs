namespace SipStreamApp.Security.People;

/// <summary>A key for programs. The secret is shown once; only its hash is kept.</summary>
internal sealed class ApiKey
{
    /// <summary>Twelve characters; part of the key itself, so that lists and logs can name it.</summary>
    public required string Id { get; set; }

    public required string Name { get; set; }

    /// <summary>SHA-256 of the whole key, hex. The key has 256 random bits: nothing to guess, so nothing to slow down.</summary>
    public required string Hash { get; set; }

    public Scopes Scopes { get; set; }

    public required string CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>True where it opens anything at that moment.</summary>
    public bool IsGood(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);
}

/// <summary>A key at its birth: the only moment its secret is known.</summary>
/// <param name="Key">What is kept.</param>
/// <param name="Secret">What the program sends.</param>
internal sealed record NewApiKey(ApiKey Key, string Secret);

/// <summary>All keys, revoked ones too.</summary>
internal sealed record ApiKeyList(IReadOnlyList<ApiKey> Keys);
