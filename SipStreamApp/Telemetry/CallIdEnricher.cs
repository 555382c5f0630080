using Serilog.Core;
using Serilog.Events;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Telemetry;

/// <summary>
/// Puts CallId and StreamName on every line that names either of them: messages name what they speak of ({Call}, {CallId}, {Stream},
/// {StreamName}), and one search in the log shall find all of a call, its viewers, recordings and pushes included.
/// </summary>
internal sealed class CallIdEnricher(Func<MediaEngine?> engine) : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        var call = Text(logEvent, "CallId") ?? Text(logEvent, "Call");
        var stream = Text(logEvent, "StreamName") ?? Text(logEvent, "Stream");
        if (call is null && stream is null) return;
        if (call is null || stream is null) Complete(ref call, ref stream);
        if (call is not null) logEvent.AddPropertyIfAbsent(propertyFactory.CreateProperty("CallId", call));
        if (stream is not null) logEvent.AddPropertyIfAbsent(propertyFactory.CreateProperty("StreamName", stream));
    }

    private void Complete(ref string? call, ref string? stream)
    {
        if (engine() is not { } known) return;
        if (call is not null && CallId.TryParse(call, out var id)) stream ??= known.FindCall(id)?.StreamName.Value;
        else if (stream is not null && StreamName.TryParse(stream, out var name)) call ??= known.FindStream(name)?.CallId?.Value;
    }

    // Ids are structs of one text; Serilog writes what their ToString says.
    private static string? Text(LogEvent e, string property) =>
        e.Properties.TryGetValue(property, out var value) && value is ScalarValue { Value: { } scalar } ? scalar.ToString() : null;
}
