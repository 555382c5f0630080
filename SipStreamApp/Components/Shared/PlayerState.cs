namespace SipStreamApp.Components.Shared;

/// <summary>What the player in the browser last said.</summary>
/// <param name="State">idle, connecting, waiting, playing, stopped or failed.</param>
/// <param name="Text">The same for people.</param>
/// <param name="FirstFrameMs">From play to the first decoded frame; null before it.</param>
public sealed record PlayerState(string State, string Text, double? FirstFrameMs);
