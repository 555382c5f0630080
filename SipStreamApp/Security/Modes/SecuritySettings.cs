using SipStreamApp.Hosting;

namespace SipStreamApp.Security.Modes;

/// <summary>Who may play streams once users are required (Playback:Access).</summary>
internal enum PlaybackAccess
{
    /// <summary>Whoever knows the name of the stream.</summary>
    Public,

    /// <summary>Whoever has a signed link to it; users and API keys too.</summary>
    Link,

    /// <summary>Users and API keys only.</summary>
    User,
}

/// <summary>The checked settings of sections Security and Playback. A class: a record would print the password.</summary>
internal sealed class SecuritySettings
{
    /// <summary>Least length of a password, characters.</summary>
    public const int MinPasswordLength = 10;

    /// <summary>The mode for trying out: loopback only, no login.</summary>
    public static SecuritySettings Open { get; } = new();

    /// <summary>True where every page and method needs a user or a key: an endpoint is bound beyond loopback, or Security:RequireLogin.</summary>
    public bool LoginRequired { get; init; }

    /// <summary>Security:AllowAnonymousRest, where login is required at all.</summary>
    public bool AnonymousRest { get; init; }

    /// <summary>Security:AllowedHosts.</summary>
    public HostRule Hosts { get; init; } = HostRule.None;

    /// <summary>Security:AdminPassword; empty: set-up by a token.</summary>
    public string AdminPassword { get; init; } = "";

    /// <summary>Playback:Access.</summary>
    public PlaybackAccess Playback { get; init; }

    /// <summary>Reads and checks them; what is wrong is gathered by <paramref name="read"/>.</summary>
    public static SecuritySettings Read(SettingsReader read, IConfiguration configuration)
    {
        var required = read.Flag("Security:RequireLogin", false) || BindAddresses.Of(configuration).Any(BindAddresses.IsBeyondLoopback);
        if (!HostRule.TryParse(read.List("Security:AllowedHosts"), out var hosts, out var wrong))
            read.Wrong("Security:AllowedHosts", wrong ?? "", "host names such as tv.example.org or *.example.org, separated by commas, or \"*\"");
        var password = read.Text("Security:AdminPassword", "");
        if (password.Length is > 0 and < MinPasswordLength) read.Problems.Add($"Security:AdminPassword is too short; it must have {MinPasswordLength} characters or more.");
        var playback = read.Text("Playback:Access", "public");
        if (!Enum.TryParse<PlaybackAccess>(playback, ignoreCase: true, out var access) || int.TryParse(playback, out _))
            read.Wrong("Playback:Access", playback, "public, link or user");
        return new SecuritySettings
        {
            LoginRequired = required, AnonymousRest = read.Flag("Security:AllowAnonymousRest", false) && required, Hosts = hosts, AdminPassword = password, Playback = access,
        };
    }
}
