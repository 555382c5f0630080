using System.Globalization;
using System.Text;
using SipStreamApp.Data;
using SipStreamApp.Media.Calls.Trace;

namespace SipStreamApp.Api;

/// <summary>A trace for people and for documents: plain text, and a Mermaid sequence diagram. Pure.</summary>
internal static class TraceText
{
    public static string Plain(CallTraceView view)
    {
        var (call, text) = (view.Call, new StringBuilder());
        text.Append(CultureInfo.InvariantCulture, $"Call {call.CallId}: {(call.Incoming ? $"{call.Caller} -> {call.Callee}@{call.Domain}" : $"{call.Caller}@{call.Domain} -> {call.Callee}")}, stream {call.StreamName}\n");
        text.Append(CultureInfo.InvariantCulture, $"Asked for {Utc(call.StartedAt)}, answered {(call.AnsweredAt is { } a ? Utc(a) : "never")}, ended {(call.EndedAt is { } e ? Utc(e) : "not yet")}\n");
        if (call.End is { } end) text.AppendJoin(' ', new[] { end.Title + ".", end.Advice, end.Raw is null ? "" : $"[{end.Raw}]" }.Where(t => t.Length > 0)).Append('\n');
        if (view.Trace.MessagesCut > 0) text.Append(CultureInfo.InvariantCulture, $"{view.Trace.MessagesCut} messages were left out of the middle\n");
        foreach (var m in view.Trace.Messages)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n=== {m.At.TotalSeconds,10:0.000000} s  {m.Local} {(m.Sent ? "->" : "<-")} {m.Peer}  {m.Transport}{(m.RepeatOf is { } first ? $"  repeats message {first + 1}" : "")}\n");
            text.Append(m.Text.ReplaceLineEndings("\n").TrimEnd('\n')).Append('\n');
        }

        text.Append("\n=== Log\n");
        foreach (var mark in view.Trace.Marks) text.Append(CultureInfo.InvariantCulture, $"{mark.At.TotalSeconds,10:0.000} s  {mark.Level.ToString().ToUpperInvariant(),-7}  {mark.Text}\n");
        return text.ToString();
    }

    public static string Mermaid(CallTraceView view)
    {
        var text = new StringBuilder("sequenceDiagram\n    autonumber\n    participant us as SipStreamApp\n");
        var peers = PeersOf(view.Trace.Messages);
        for (var i = 0; i < peers.Count; i++) text.Append(CultureInfo.InvariantCulture, $"    participant p{i} as {peers[i]}\n");
        foreach (var m in view.Trace.Messages)
        {
            var peer = "p" + peers.IndexOf(HostOf(m.Peer)).ToString(CultureInfo.InvariantCulture);
            var arrow = m.Status is null ? "->>" : "-->>";
            text.Append(CultureInfo.InvariantCulture, $"    {(m.Sent ? "us" : peer)}{arrow}{(m.Sent ? peer : "us")}: {Clean(m.Label)}{(m.RepeatOf is null ? "" : " (again)")}\n");
        }

        return text.ToString();
    }

    /// <summary>The hosts messages went to and came from, in order of appearance: several ports of one host are one party.</summary>
    public static List<string> PeersOf(IReadOnlyList<SipTraceMessage> messages) => [.. messages.Select(m => HostOf(m.Peer)).Distinct()];

    /// <summary>"192.0.2.1" of "192.0.2.1:5060", "[2001:db8::1]" of "[2001:db8::1]:5060".</summary>
    public static string HostOf(string address) => address.LastIndexOf(':') is > 0 and var colon ? address[..colon] : address;

    // ; ends a statement in Mermaid, # begins an entity.
    private static string Clean(string label) => label.Replace(";", "", StringComparison.Ordinal).Replace("#", "", StringComparison.Ordinal);

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
