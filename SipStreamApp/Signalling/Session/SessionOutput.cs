using System.Text.Json.Nodes;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Signalling.Session;

/// <summary>What a <see cref="ClientSession"/> wants done. A ticket comes back with the outcome.</summary>
internal abstract record SessionOutput;

/// <summary>Send a frame to the client.</summary>
/// <param name="Frame">JSON, UTF-8.</param>
internal sealed record SendFrame(byte[] Frame) : SessionOutput;

/// <summary>Close the connection; the last output of a session that ends itself.</summary>
/// <param name="Code">WebSocket close code (RFC 6455 section 7.4.1).</param>
/// <param name="Reason">Why, for the client's log.</param>
internal sealed record CloseSession(int Code, string Reason) : SessionOutput;

/// <summary>Look what keys and links allow; back comes <see cref="ClientSession.TokensChecked"/>.</summary>
internal sealed record CheckTokens(int Ticket, IReadOnlyList<string> Tokens) : SessionOutput;

/// <summary>Ask the application's backend; back comes <see cref="ClientSession.HookAnswered"/>.</summary>
internal sealed record AskHook(int Ticket, string Hook, JsonObject Payload) : SessionOutput;

/// <summary>Tell the application's backend.</summary>
internal sealed record TellHook(string Hook, JsonObject Payload) : SessionOutput;

/// <summary>Answer a browser's offer to watch a stream; back comes <see cref="ClientSession.BrowserAnswered"/> or <see cref="ClientSession.MediaFailed"/>.</summary>
internal sealed record WatchStream(int Ticket, StreamName Name, string Offer) : SessionOutput;

/// <summary>Make packets of a stream for a media socket; back comes <see cref="ClientSession.FeedReady"/> or <see cref="ClientSession.MediaFailed"/>.</summary>
internal sealed record FeedStream(int Ticket, StreamName Name, bool Audio, bool Video) : SessionOutput;

/// <summary>Answer a browser's offer to publish a stream; outcome as with <see cref="WatchStream"/>.</summary>
internal sealed record PublishStream(int Ticket, StreamName Name, string Offer) : SessionOutput;

/// <summary>End a browser's session with the engine, or a feed.</summary>
internal sealed record CloseBrowser(string BrowserId) : SessionOutput;

/// <summary>Give up what runs under a ticket.</summary>
internal sealed record GiveUp(int Ticket) : SessionOutput;

/// <summary>Look whether a stream can be played; back comes <see cref="ClientSession.StreamLookedUp"/>.</summary>
internal sealed record LookUpStream(string MediaSessionId, StreamName Name) : SessionOutput;

/// <summary>Make a PNG of a stream; back comes <see cref="ClientSession.SnapshotTaken"/>.</summary>
internal sealed record TakeSnapshot(string MediaSessionId, StreamName Name) : SessionOutput;

/// <summary>Record a published stream; back comes <see cref="ClientSession.RecordingBegun"/>.</summary>
internal sealed record RecordStream(string MediaSessionId, StreamName Name, string Login) : SessionOutput;

/// <summary>Wait until a recording's file is there; back comes <see cref="ClientSession.RecordingOver"/>.</summary>
internal sealed record AwaitRecording(int Ticket, string RecordingId) : SessionOutput;

/// <summary>Send a published stream on to a server; back comes <see cref="ClientSession.PushRefused"/> where that cannot be.</summary>
internal sealed record PushStream(string MediaSessionId, StreamName Name, string Url) : SessionOutput;

/// <summary>Pass an event on to all who watch a stream.</summary>
internal sealed record RelayStreamEvent(StreamName Name, string Type, JsonNode? Payload) : SessionOutput;
