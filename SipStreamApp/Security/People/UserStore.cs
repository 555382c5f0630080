using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Modes;

namespace SipStreamApp.Security.People;

/// <summary>The users: making, changing, and whether a password or a cookie is theirs.</summary>
internal sealed class UserStore : IDisposable
{
    /// <summary>Wrong passwords in a row before the account rests.</summary>
    public const int MaxFailures = 5;

    // A hash takes tens of milliseconds of CPU: guessing may not take the machine away from the calls.
    private readonly SemaphoreSlim _hashing = new(2);
    private readonly ConcurrentDictionary<int, (UserView View, string Stamp, DateTimeOffset Until)> _seen = new();
    private readonly PasswordHasher<User> _hasher;
    private readonly Lazy<string> _nobodysHash;
    private readonly SecurityData _data;
    private volatile bool _any;

    /// <param name="data">The database.</param>
    /// <param name="iterations">Rounds of PBKDF2-SHA512; what OWASP asks for.</param>
    public UserStore(SecurityData data, int iterations = 210_000)
    {
        _data = data;
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
        _nobodysHash = new(() => _hasher.HashPassword(null!, NewStamp()));
    }

    public void Dispose() => _hashing.Dispose();

    /// <summary>How long an account rests after too many wrong passwords.</summary>
    public static TimeSpan LockTime => TimeSpan.FromMinutes(5);

    /// <summary>How long a cookie may live on after its user was removed.</summary>
    public static TimeSpan CookieCheck => TimeSpan.FromSeconds(10);

    /// <summary>Whether there is any user; null where the database does not say.</summary>
    public async Task<bool?> AnyAsync(CancellationToken cancel)
    {
        if (_any) return true;
        var found = await ListAsync(cancel);
        if (!found.Succeeded) return null;
        return _any = found.Value.Users.Count > 0;
    }

    public Task<Outcome<UserList>> ListAsync(CancellationToken cancel) => _data.ReadAsync<UserList>(
        async db => new UserList(await db.Users.AsNoTracking().OrderBy(u => u.Name)
            .Select(u => new UserView(u.Id, u.Name, u.Role, u.CreatedAt, u.LastLoginAt, u.LockedUntil)).ToListAsync(cancel)),
        cancel);

    /// <summary>Makes a user. Failure codes: "invalid-field" (Field Name or Password), "user-taken", "database".</summary>
    /// <param name="name">Letters, digits and ._@-, 1 to 64; case does not matter.</param>
    /// <param name="password">From 10 to 256 characters.</param>
    /// <param name="role">What he may do.</param>
    /// <param name="onlyFirst">Only where there is no user yet.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Outcome<UserView>> CreateAsync(string name, string password, Role role, bool onlyFirst, CancellationToken cancel)
    {
        name = name.Trim().ToLowerInvariant();
        if (name.Length is 0 or > 64 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '@' or '-')))
            return new Failure("invalid-field", Blame.Caller, "The name must be 1 to 64 letters, digits, dots, underscores, hyphens or @") { Field = "Name" };
        if (CheckPassword(password) is { } weak) return weak;
        var hash = await HashAsync(password, cancel);
        var made = await _data.WriteAsync<UserView>(
            async db =>
            {
                if (onlyFirst && await db.Users.AnyAsync(cancel)) return new Failure("setup-done", Blame.Caller, "There is a user already", "Sign in.");
                if (await db.Users.AnyAsync(u => u.Name == name, cancel)) return new Failure("user-taken", Blame.Caller, "This name is taken") { Field = "Name" };
                var user = new User { Name = name, PasswordHash = hash, Role = role, Stamp = NewStamp(), CreatedAt = _data.Now };
                db.Users.Add(user);
                await db.SaveChangesAsync(cancel);
                return View(user);
            },
            cancel);
        _any |= made.Succeeded;
        return made;
    }

    /// <summary>
    /// Whether name and password belong together. Failure codes: "login-refused" (never says which of the two was wrong), "locked", "database".
    /// </summary>
    public async Task<Outcome<User>> SignInAsync(string name, string password, CancellationToken cancel)
    {
        name = name.Trim().ToLowerInvariant();
        var found = await _data.ReadAsync<UserHolder>(async db => new UserHolder(await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Name == name, cancel)), cancel);
        if (!found.Succeeded) return found.Failures.ToList();
        var user = found.Value.User;
        if (user?.LockedUntil > _data.Now) return Locked;

        // Also for names that do not exist: the time it takes must not tell them from others.
        var right = await VerifyAsync(user?.PasswordHash ?? _nobodysHash.Value, password, cancel);
        if (user is null) return Refused;
        var now = _data.Now;
        var kept = await _data.WriteAsync<User>(
            async db =>
            {
                if (await db.Users.FirstOrDefaultAsync(u => u.Id == user.Id, cancel) is not { } row) return Refused;
                if (row.LockedUntil > now) return Locked;
                row.Failures = right ? 0 : row.Failures + 1;
                row.LockedUntil = null;
                if (right) row.LastLoginAt = now;
                else if (row.Failures >= MaxFailures) (row.Failures, row.LockedUntil) = (0, now + LockTime);
                await db.SaveChangesAsync(cancel);
                return right ? row : Refused;
            },
            cancel);
        return kept;
    }

    /// <summary>The user a cookie names, as he is now; null where the cookie has ended. A silent database leaves what was known.</summary>
    public async Task<UserView?> FindAsync(int id, string stamp, CancellationToken cancel)
    {
        var known = _seen.TryGetValue(id, out var seen);
        if (known && seen.Until > _data.Now) return seen.Stamp == stamp ? seen.View : null;
        var found = await _data.ReadAsync<UserHolder>(async db => new UserHolder(await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == id, cancel)), cancel);
        if (!found.Succeeded) return known && seen.Stamp == stamp ? seen.View : null;
        if (found.Value.User is not { } user)
        {
            _seen.TryRemove(id, out _);
            return null;
        }

        _seen[id] = (View(user), user.Stamp, _data.Now + CookieCheck);
        return user.Stamp == stamp ? View(user) : null;
    }

    public async Task<Failure?> SetPasswordAsync(int id, string password, CancellationToken cancel)
    {
        if (CheckPassword(password) is { } weak) return weak;
        var hash = await HashAsync(password, cancel);
        return await ChangeAsync(id, user => (user.PasswordHash, user.Failures, user.LockedUntil) = (hash, 0, null), cancel);
    }

    public Task<Failure?> SetRoleAsync(int id, Role role, CancellationToken cancel) => ChangeAsync(id, user => user.Role = role, cancel);

    /// <summary>Removes a user; his cookies end within <see cref="CookieCheck"/>.</summary>
    public Task<Failure?> DeleteAsync(int id, CancellationToken cancel) => ChangeAsync(id, null, cancel);

    // The last administrator stays one: nobody else could make another.
    private async Task<Failure?> ChangeAsync(int id, Action<User>? change, CancellationToken cancel)
    {
        var done = await _data.WriteAsync<User>(
            async db =>
            {
                if (await db.Users.FirstOrDefaultAsync(u => u.Id == id, cancel) is not { } user) return new Failure("user-not-found", Blame.Caller, "This user is gone", "Reload the page.");
                var wasAdmin = user.Role == Role.Admin;
                change?.Invoke(user);
                if (change is null) db.Users.Remove(user);
                if (wasAdmin && (change is null || user.Role != Role.Admin) && !await db.Users.AnyAsync(u => u.Role == Role.Admin && u.Id != id, cancel))
                    return new Failure("last-admin", Blame.Caller, "This is the last administrator", "Make another one first.");
                user.Stamp = NewStamp();
                await db.SaveChangesAsync(cancel);
                return user;
            },
            cancel);
        _seen.TryRemove(id, out _);
        return done.Succeeded ? null : done.Failures[0];
    }

    private static Failure? CheckPassword(string password) => password.Length is < SecuritySettings.MinPasswordLength or > 256
        ? new Failure("invalid-field", Blame.Caller, $"The password must have {SecuritySettings.MinPasswordLength} to 256 characters") { Field = "Password" }
        : null;

    private async Task<string> HashAsync(string password, CancellationToken cancel)
    {
        await _hashing.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => _hasher.HashPassword(null!, password), cancel);
        }
        finally
        {
            _hashing.Release();
        }
    }

    private async Task<bool> VerifyAsync(string hash, string password, CancellationToken cancel)
    {
        if (password.Length > 256) return false;
        await _hashing.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => _hasher.VerifyHashedPassword(null!, hash, password) != PasswordVerificationResult.Failed, cancel);
        }
        finally
        {
            _hashing.Release();
        }
    }

    private static string NewStamp() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    private static UserView View(User u) => new(u.Id, u.Name, u.Role, u.CreatedAt, u.LastLoginAt, u.LockedUntil);

    private static Failure Refused { get; } = new("login-refused", Blame.Caller, "Name or password is wrong");

    private static Failure Locked { get; } = new("locked", Blame.Caller, "Too many wrong passwords", "The account rests for five minutes.");

    private sealed record UserHolder(User? User);
}
