using System.Security.Cryptography;
using System.Text;

namespace SipStreamApp.Security.SignIn;

/// <summary>
/// The word the console shows where users are required and there are none: whoever can read the console may make the first administrator.
/// New at each start; gone once used. Never logged.
/// </summary>
internal sealed class SetupToken
{
    private readonly Lock _lock = new();
    private string? _value;

    /// <summary>The token while it is good, else null.</summary>
    public string? Value
    {
        get
        {
            lock (_lock) return _value;
        }
    }

    public void Issue()
    {
        lock (_lock) _value = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    }

    /// <summary>True where it is the token, in constant time.</summary>
    public bool Matches(string given) =>
        Value is { } value && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(given.Trim()));

    public void Use()
    {
        lock (_lock) _value = null;
    }
}
