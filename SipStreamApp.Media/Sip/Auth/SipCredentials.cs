// RFC 3261 section 22: a name and a password.
namespace SipStreamApp.Media.Sip;

/// <summary>What we answer challenges with. The authentication name may differ from the user part of our address.</summary>
internal sealed record SipCredentials(string UserName, string Password)
{
    /// <summary>Never shows the password.</summary>
    public override string ToString() => $"SipCredentials {{ UserName = {UserName} }}";
}
