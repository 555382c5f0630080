using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Recording;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Hosting;

/// <summary>A fact that left the engine. Delivered on an engine thread: an observer only queues it.</summary>
public abstract record EngineEvent;

/// <summary>A call came into being or changed its status.</summary>
/// <param name="Call">The call after the change.</param>
public sealed record CallChanged(CallSnapshot Call) : EngineEvent;

/// <summary>A call ended; the last event of that call.</summary>
/// <param name="Call">The call with its final figures.</param>
public sealed record CallEnded(CallSnapshot Call) : EngineEvent;

/// <summary>A stream became live or ended.</summary>
/// <param name="Stream">The stream after the change.</param>
public sealed record StreamChanged(StreamSnapshot Stream) : EngineEvent;

/// <summary>A recording started, ended, became ready or failed.</summary>
/// <param name="Recording">The recording after the change.</param>
public sealed record RecordingChanged(RecordingSnapshot Recording) : EngineEvent;

/// <summary>Somebody asked for something to be done. Raised on the thread that asked, before it has its answer.</summary>
/// <param name="Action">"call.start", "call.hang-up", "push.start", "push.stop", "recording.start", "recording.stop".</param>
/// <param name="Target">Call, stream, push or recording.</param>
/// <param name="Succeeded">False where it was refused.</param>
public sealed record Commanded(string Action, string Target, bool Succeeded) : EngineEvent;
