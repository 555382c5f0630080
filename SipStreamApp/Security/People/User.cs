namespace SipStreamApp.Security.People;

/// <summary>A person who signs in on the pages.</summary>
internal sealed class User
{
    public int Id { get; set; }

    /// <summary>Lower case; what is typed at the login.</summary>
    public required string Name { get; set; }

    /// <summary>PBKDF2 with SHA-512, as PasswordHasher writes it.</summary>
    public required string PasswordHash { get; set; }

    public Role Role { get; set; }

    /// <summary>Changes with password, role and "sign out everywhere": cookies that hold another one end.</summary>
    public required string Stamp { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? LastLoginAt { get; set; }

    /// <summary>Wrong passwords in a row.</summary>
    public int Failures { get; set; }

    /// <summary>No login before this moment, whatever the password.</summary>
    public DateTimeOffset? LockedUntil { get; set; }
}

/// <summary>A user as pages see one.</summary>
internal sealed record UserView(int Id, string Name, Role Role, DateTimeOffset CreatedAt, DateTimeOffset? LastLoginAt, DateTimeOffset? LockedUntil);

/// <summary>All users.</summary>
internal sealed record UserList(IReadOnlyList<UserView> Users);
