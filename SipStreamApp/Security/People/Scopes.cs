namespace SipStreamApp.Security.People;

/// <summary>What somebody may do. Each stands by itself; roles are sets of them.</summary>
[Flags]
internal enum Scopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Play streams.</summary>
    Play = 1,

    /// <summary>See calls, streams, recordings and figures.</summary>
    Read = 2,

    /// <summary>Place and end calls, push, record, delete, change accounts.</summary>
    Control = 4,

    /// <summary>Users, keys, settings, drain.</summary>
    Admin = 8,

    /// <summary>Everything.</summary>
    All = Play | Read | Control | Admin,
}

/// <summary>Roles of users.</summary>
internal enum Role
{
    /// <summary>Plays and looks.</summary>
    Viewer,

    /// <summary>Also places calls.</summary>
    Operator,

    /// <summary>Also manages users and keys.</summary>
    Admin,
}

/// <summary>Roles and scopes in words.</summary>
internal static class RoleWords
{
    public static Scopes Scopes(this Role role) => role switch
    {
        Role.Admin => People.Scopes.All,
        Role.Operator => People.Scopes.Play | People.Scopes.Read | People.Scopes.Control,
        _ => People.Scopes.Play | People.Scopes.Read,
    };

    /// <summary>The least of the roles that has these rights.</summary>
    public static Role LeastRole(this Scopes scopes) => Enum.GetValues<Role>().First(r => r.Scopes().HasFlag(scopes));

    /// <summary>"play read control", as the REST interface writes it.</summary>
    public static string Text(this Scopes scopes) =>
        string.Join(' ', Enum.GetValues<Scopes>().Where(s => s is not (People.Scopes.None or People.Scopes.All) && scopes.HasFlag(s)).Select(s => s.ToString().ToLowerInvariant()));
}
