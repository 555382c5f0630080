namespace SipStreamApp.Media.Packaging;

/// <summary>
/// Who plays over HTTP. HLS is questions without a session: what comes from one address with one program and by one right is one player,
/// so two windows of a browser are one, and two people behind one address are two where their programs differ.
/// </summary>
/// <param name="Address">Where it asks from.</param>
/// <param name="Agent">What it says it is (User-Agent).</param>
/// <param name="By">The link, key or user it asks by; null where nobody is told apart.</param>
public sealed record HttpPlayer(string Address, string Agent, string? By = null);

/// <summary>A player over HTTP that is there: an MSE socket that is open, or an HLS player that asked a short while ago.</summary>
/// <param name="Id">Names it; made at its first question.</param>
/// <param name="Method">"MSE" or "HLS".</param>
/// <param name="Player">Who it is.</param>
/// <param name="Since">Its first question (UTC).</param>
public sealed record HttpViewer(string Id, string Method, HttpPlayer Player, DateTimeOffset Since)
{
    internal static string NewId(string method) => $"{method.ToLowerInvariant()}-{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8))}";
}
