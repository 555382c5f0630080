using System.Text.Json.Nodes;

namespace SipStreamApp.Signalling.Wire;

/// <summary>One message of a client: <c>{"message":"…","data":[{…}]}</c>.</summary>
/// <param name="Name">What it asks for ("playStream").</param>
/// <param name="Body">The first element of <c>data</c>; empty where that is null, missing or no object.</param>
internal sealed record ClientMessage(string Name, JsonObject Body);
