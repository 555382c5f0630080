using System.Text.Json.Nodes;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Session;

// What else becomes of streams: still pictures, recordings, pushes.
internal sealed partial class ClientSession
{
    // The engine makes a few pictures at once; a client that asks faster gets no more than that.
    private const int MaxSnapshots = 4;

    // Streams that are over but for the name of their file.
    private readonly Dictionary<int, (ClientStream Stream, string Status, string Info)> _finals = [];
    private int _snapshots;

    /// <summary>Outcome of <see cref="TakeSnapshot"/>.</summary>
    /// <param name="mediaSessionId">Of the question; mostly of a stream that is neither played nor published.</param>
    /// <param name="png">The picture; empty where there is none.</param>
    /// <param name="info">Why not.</param>
    /// <param name="now">Now.</param>
    public void SnapshotTaken(string mediaSessionId, ReadOnlySpan<byte> png, string info, Instant now)
    {
        _now = now;
        _snapshots--;
        if (_phase == Phase.Established) SendSnapshot(mediaSessionId, png, info);
    }

    /// <summary>A recording that was asked for runs.</summary>
    public void RecordingBegun(string mediaSessionId, string recordingId, Instant now)
    {
        _now = now;
        if (_streams.TryGetValue(mediaSessionId, out var stream)) stream.RecordingId = recordingId;
    }

    /// <summary>Outcome of <see cref="AwaitRecording"/>.</summary>
    /// <param name="ticket">Of the command.</param>
    /// <param name="fileName">Its file in the folder of recordings; null where it came to none.</param>
    /// <param name="now">Now.</param>
    public void RecordingOver(int ticket, string? fileName, Instant now)
    {
        _now = now;
        if (!_finals.Remove(ticket, out var final)) return;
        final.Stream.RecordName = fileName;
        SayLast(final.Stream, final.Status, final.Info, tellClient: true);
    }

    /// <summary>A published stream cannot be sent on.</summary>
    public void PushRefused(string mediaSessionId, Instant now)
    {
        _now = now;
        if (_streams.TryGetValue(mediaSessionId, out var stream)) Finish(stream, "FAILED", StreamInfo.RtmpWriter);
    }

    private void Snapshot(JsonObject body)
    {
        if (_phase != Phase.Established || body.Filled("mediaSessionId") is not { } id) return;
        Ask("snapshot", AddFields(Payload(), body), reply =>
        {
            if (!reply.Allowed) SendSnapshot(id, [], StreamInfo.Restricted);
            else if (!StreamName.TryParse(reply.Payload.Text("name"), out var name)) SendSnapshot(id, [], StreamInfo.NotFound);
            else if (_snapshots >= MaxSnapshots) SendSnapshot(id, [], StreamInfo.Error);
            else
            {
                _snapshots++;
                _outputs.Enqueue(new TakeSnapshot(id, name));
            }
        });
    }

    private void SendSnapshot(string id, ReadOnlySpan<byte> png, string info) => Send(ServerMessage.Of("notifyStreamEvent", new JsonObject
    {
        ["mediaSessionId"] = id, ["type"] = png.IsEmpty ? "snapshotFailed" : "snapshotCompleted",
        ["payload"] = png.IsEmpty ? new JsonObject { ["info"] = info } : new JsonObject { ["snapshot"] = Convert.ToBase64String(png) },
    }));

    // Once its first packets are there.
    private void SendOn(ClientStream stream)
    {
        if (stream.Record) _outputs.Enqueue(new RecordStream(stream.Id, stream.StreamName, _connection.Filled("sipLogin") ?? ""));
        if (stream.RtmpUrl is { } url) _outputs.Enqueue(new PushStream(stream.Id, stream.StreamName, url));
    }

    private void SayLast(ClientStream stream, string status, string info, bool tellClient)
    {
        if (tellClient) Send(ServerMessage.Of("notifyStreamStatusEvent", stream.Event(status, info)));
        Tell("StreamStatusEvent", stream.Describe(Payload(), status, info));
    }

    private void EndOutputs()
    {
        foreach (var (stream, status, info) in _finals.Values) SayLast(stream, status, info, tellClient: false);
        _finals.Clear();
    }
}
