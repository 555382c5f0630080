using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Security.People;

/// <summary>The API keys. All good ones are kept in memory: a request costs a hash and a look-up.</summary>
internal sealed class ApiKeyStore(SecurityData data)
{
    /// <summary>What every key begins with, so that scanners for leaked secrets find it.</summary>
    public const string Prefix = "ssa_";

    // Another process on the same database may revoke a key.
    private static readonly TimeSpan Reload = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UsePrecision = TimeSpan.FromMinutes(1);

    private volatile FrozenDictionary<string, ApiKey>? _byHash;
    private DateTimeOffset _until;

    /// <summary>Makes a key. Failure codes: "invalid-field" (Field Name, Scopes, ExpiresAt), "database".</summary>
    public async Task<Outcome<NewApiKey>> CreateAsync(string name, Scopes scopes, DateTimeOffset? expiresAt, string createdBy, CancellationToken cancel)
    {
        name = name.Trim();
        if (name.Length is 0 or > 100) return new Failure("invalid-field", Blame.Caller, "The name must have 1 to 100 characters") { Field = "Name" };
        if (scopes == Scopes.None) return new Failure("invalid-field", Blame.Caller, "The key must be allowed something") { Field = "Scopes" };
        if (expiresAt <= data.Now) return new Failure("invalid-field", Blame.Caller, "The key would have expired already") { Field = "ExpiresAt" };
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var secret = $"{Prefix}{id}_{Base64Url(RandomNumberGenerator.GetBytes(32))}";
        var made = await data.WriteAsync<NewApiKey>(
            async db =>
            {
                var key = new ApiKey { Id = id, Name = name, Hash = Hash(secret), Scopes = scopes, CreatedBy = createdBy, CreatedAt = data.Now, ExpiresAt = expiresAt };
                db.ApiKeys.Add(key);
                await db.SaveChangesAsync(cancel);
                return new NewApiKey(key, secret);
            },
            cancel);
        _byHash = null;
        return made;
    }

    public Task<Outcome<ApiKeyList>> ListAsync(CancellationToken cancel) => data.ReadAsync<ApiKeyList>(
        async db => new ApiKeyList(await db.ApiKeys.AsNoTracking().OrderByDescending(k => k.CreatedAt).ToListAsync(cancel)), cancel);

    /// <summary>Ends a key at once and for good.</summary>
    public async Task<Failure?> RevokeAsync(string id, CancellationToken cancel)
    {
        var done = await data.WriteAsync<ApiKey>(
            async db =>
            {
                if (await db.ApiKeys.FirstOrDefaultAsync(k => k.Id == id, cancel) is not { } key) return new Failure("key-not-found", Blame.Caller, "There is no such key");
                key.RevokedAt ??= data.Now;
                await db.SaveChangesAsync(cancel);
                return key;
            },
            cancel);
        _byHash = null;
        return done.Succeeded ? null : done.Failures[0];
    }

    /// <summary>The key of that secret where it is good; null where it is unknown, expired or revoked.</summary>
    public async Task<ApiKey?> FindAsync(string secret, CancellationToken cancel)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal) || secret.Length > 100) return null;
        var now = data.Now;
        var keys = await KnownAsync(now, cancel);

        // The hash is looked up, not compared byte by byte: its time says nothing about the secret.
        if (keys is null || !keys.TryGetValue(Hash(secret), out var key) || !key.IsGood(now)) return null;
        if (!(key.LastUsedAt > now - UsePrecision)) await TouchAsync(key, now, cancel);
        return key;
    }

    /// <summary>Whether the key of that id opens anything now. A silent database leaves what was.</summary>
    public async Task<bool> IsGoodAsync(string id, CancellationToken cancel)
    {
        var now = data.Now;
        return await KnownAsync(now, cancel) is not { } keys || keys.Values.Any(k => k.Id == id && k.IsGood(now));
    }

    private async Task<FrozenDictionary<string, ApiKey>?> KnownAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var keys = _byHash;
        if (keys is not null && _until > now) return keys;
        var all = await ListAsync(cancel);
        if (!all.Succeeded) return keys;
        keys = all.Value.Keys.ToFrozenDictionary(k => k.Hash);
        (_byHash, _until) = (keys, now + Reload);
        return keys;
    }

    private async Task TouchAsync(ApiKey key, DateTimeOffset now, CancellationToken cancel)
    {
        key.LastUsedAt = now;
        await data.WriteAsync<ApiKey>(
            async db =>
            {
                await db.ApiKeys.Where(k => k.Id == key.Id).ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now), cancel);
                return key;
            },
            cancel);
    }

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
