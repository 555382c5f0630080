namespace SipStreamApp.Media.Hls;

/// <summary>
/// Who asks for a playlist. HLS is questions without a session: what comes from one address with one program and by one right is one player,
/// so two windows of a browser are one, and two people behind one address are two where their programs differ.
/// </summary>
/// <param name="Address">Where it asks from.</param>
/// <param name="Agent">What it says it is (User-Agent).</param>
/// <param name="By">The link, key or user it asks by; null where nobody is told apart.</param>
public sealed record HlsPlayer(string Address, string Agent, string? By = null);

/// <summary>A player that asked a short while ago.</summary>
/// <param name="Id">Names it; made at its first question.</param>
/// <param name="Player">Who it is.</param>
/// <param name="Since">Its first question (UTC).</param>
public sealed record HlsViewer(string Id, HlsPlayer Player, DateTimeOffset Since);
