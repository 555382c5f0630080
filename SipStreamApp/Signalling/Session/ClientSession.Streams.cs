using System.Text.Json.Nodes;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Session;

// Streams that are played and published.
internal sealed partial class ClientSession
{
    // The engine itself waits for a stream that is reserved; this is only the pause before it is asked again.
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    // The end of a stream and of those who play it come as two events from two threads; the first says why.
    private static readonly TimeSpan ReasonPatience = TimeSpan.FromSeconds(1);

    /// <summary>The engine answered an offer.</summary>
    public void BrowserAnswered(int ticket, string browserId, string sdp, Instant now)
    {
        _now = now;
        if (TalkAnswered(ticket, browserId, sdp)) return;
        if (StreamOf(ticket) is not { } stream)
        {
            _outputs.Enqueue(new CloseBrowser(browserId));
            return;
        }

        (stream.Ticket, stream.BrowserId) = (0, browserId);
        Send(ServerMessage.Of("setRemoteSDP", stream.Id, sdp));
        if (_endedEarly.Contains(browserId)) BrowserEnded(browserId, BrowserEnd.StreamEnded, now);
        ForgetEarlyEnds();
    }

    /// <summary>The engine could not do what was asked under a ticket.</summary>
    /// <param name="ticket">Of the command.</param>
    /// <param name="failure">What stood in the way.</param>
    /// <param name="wasReserved">True where the stream's name was taken by a call when it was asked for.</param>
    /// <param name="now">Now.</param>
    public void MediaFailed(int ticket, Failure failure, bool wasReserved, Instant now)
    {
        _now = now;
        if (TalkFailed(ticket, failure) || StreamOf(ticket) is not { } stream) return;
        stream.Ticket = 0;
        if (failure.Code == "stream-not-ready")
        {
            stream.RetryAt = now + RetryPause;
            return;
        }

        // The name was there, and no media ever: its call failed.
        var info = failure.Code == "stream-not-found" && wasReserved ? StreamInfo.NotReady : StreamInfo.Of(failure);
        Finish(stream, "FAILED", info);
        ForgetEarlyEnds();
    }

    /// <summary>The browser's connection is up and its media may flow.</summary>
    public void BrowserConnected(string browserId, StreamMedia media, Instant now)
    {
        _now = now;
        if (StreamOfBrowser(browserId) is not { Status: "PENDING" } stream) return;
        stream.Media = media;
        Report(stream, stream.Published ? "PUBLISHING" : "PLAYING", "");
        if (stream.Published) SendOn(stream);
    }

    /// <summary>The browser's session with the engine is over.</summary>
    public void BrowserEnded(string browserId, BrowserEnd end, Instant now)
    {
        _now = now;
        if (CallBrowserEnded(browserId, end)) return;
        if (StreamOfBrowser(browserId) is not { } stream)
        {
            if (_streams.Values.Any(s => s.Ticket != 0)) _endedEarly.Add(browserId);
            return;
        }

        stream.BrowserId = null;
        if (end == BrowserEnd.StreamEnded)
        {
            stream.EndAt = now + ReasonPatience;
            return;
        }

        var (failed, info) = StreamInfo.Of(end);
        // Nothing was heard of it at all: the way to the media port is blocked.
        if (end == BrowserEnd.Lost && stream.Status == "PENDING") info = StreamInfo.IceTimeout;
        Finish(stream, failed ? "FAILED" : FinalStatus(stream), info);
    }

    /// <summary>A stream is over; whoever plays it is told why.</summary>
    public void SourceEnded(StreamName name, BrowserEnd end, Instant now)
    {
        _now = now;
        foreach (var stream in _streams.Values.Where(s => !s.Published && s.StreamName == name).ToArray())
        {
            // What was asked for later may wait for another stream of that name: the engine tells.
            if (stream.Ticket != 0 || stream.RetryAt != Instant.Never) continue;
            var (failed, info) = StreamInfo.Of(end);
            Finish(stream, failed ? "FAILED" : FinalStatus(stream), info);
        }
    }

    /// <summary>Ends a stream from this side. False where there is none of that id.</summary>
    public bool StopStream(string mediaSessionId, string info, Instant now)
    {
        _now = now;
        if (!_streams.TryGetValue(mediaSessionId, out var stream)) return false;
        Finish(stream, FinalStatus(stream), info);
        return true;
    }

    /// <summary>Outcome of <see cref="LookUpStream"/>.</summary>
    /// <param name="mediaSessionId">Of the question.</param>
    /// <param name="problem">Why the stream cannot be played; null where it can.</param>
    /// <param name="now">Now.</param>
    public void StreamLookedUp(string mediaSessionId, string? problem, Instant now)
    {
        _now = now;
        if (_phase != Phase.Established) return;
        Send(ServerMessage.Of("availableStream", new JsonObject
        {
            ["id"] = mediaSessionId, ["status"] = problem is null ? "true" : "false", ["info"] = problem ?? "",
        }));
    }

    /// <summary>Something is to be told to those who play a stream; true where one of them is here.</summary>
    public bool StreamEvent(StreamName name, string type, JsonNode? payload, Instant now)
    {
        _now = now;
        var told = false;
        foreach (var stream in _streams.Values)
        {
            if (stream.Published || stream.StreamName != name || stream.Status != "PLAYING") continue;
            Send(ServerMessage.Of("notifyStreamEvent", new JsonObject { ["mediaSessionId"] = stream.Id, ["type"] = type, ["payload"] = payload?.DeepClone() }));
            told = true;
        }

        return told;
    }

    private bool DispatchStream(ClientMessage message)
    {
        switch (message.Name)
        {
            case "playStream":
                Open(message.Body, published: false);
                return true;
            case "publishStream":
                Open(message.Body, published: true);
                return true;
            case "stopStream" or "unPublishStream":
                Stop(message);
                return true;
            case "snapshot":
                Snapshot(message.Body);
                return true;
            case "availableStream":
                LookUp(message.Body);
                return true;
            case "sendStreamEvent":
                Relay(message.Body);
                return true;
            default:
                return false;
        }
    }

    private void Open(JsonObject body, bool published)
    {
        if (body.Filled("mediaSessionId") is not { } id)
        {
            Refuse("", StreamInfo.IdMissing);
            return;
        }

        if (_phase != Phase.Established) Refuse(id, StreamInfo.SessionNotReady);
        else if (published && !Rights.MayControl) Refuse(id, StreamInfo.Restricted);
        else if (_streams.Count >= MaxStreams) Refuse(id, StreamInfo.Error);
        else if (!_setup.Ids.TryTake(id, Id)) Refuse(id, StreamInfo.IdTaken);
        else
        {
            var stream = new ClientStream(id, body.Text("name") ?? "", published, body, Wall());
            _streams.Add(id, stream);
            Ask(published ? "publishStream" : "playStream", AddFields(stream.Describe(Payload(), "PENDING"), body), reply =>
            {
                // It may have been stopped, or its connection lost, while the backend thought about it.
                if (!_streams.TryGetValue(id, out var still) || still != stream) return;
                if (!reply.Allowed) Finish(stream, "FAILED", StreamInfo.Restricted);
                else Start(stream, reply.Payload.Text("name") ?? stream.Name);
            });
        }
    }

    private void Start(ClientStream stream, string name)
    {
        stream.Name = name;
        if (!StreamName.TryParse(name, out var checkedName)) Finish(stream, "FAILED", stream.Published ? StreamInfo.BadName : StreamInfo.NotFound);
        else if (stream.Provider != "WebRTC" && (stream.Published || stream.Provider != "MSE")) Finish(stream, "FAILED", StreamInfo.NeedsTranscoding);
        else
        {
            stream.StreamName = checkedName;
            AskEngine(stream);
        }
    }

    private void AskEngine(ClientStream stream)
    {
        (stream.Ticket, stream.RetryAt) = (++_lastTicket, Instant.Never);
        _outputs.Enqueue(stream switch
        {
            { Published: true } => new PublishStream(stream.Ticket, stream.StreamName, stream.Offer),
            { Provider: "MSE" } => new FeedStream(
                stream.Ticket, stream.StreamName, MediaSocketSdp.Offers(stream.Offer, "audio"), MediaSocketSdp.Offers(stream.Offer, "video")),
            _ => new WatchStream(stream.Ticket, stream.StreamName, stream.Offer),
        });
    }

    private void Stop(ClientMessage message)
    {
        if (message.Body.Text("mediaSessionId") is not { } id || !_streams.TryGetValue(id, out var stream) || stream.Stopping) return;
        stream.Stopping = true;
        Ask(stream.Published ? "unPublishStream" : "stopStream", AddFields(stream.Describe(Payload(), stream.Status), message.Body), reply =>
        {
            stream.Stopping = false;
            if (reply.Allowed) Finish(stream, FinalStatus(stream), StreamInfo.StoppedByUser);
        });
    }

    private void LookUp(JsonObject body)
    {
        if (body.Filled("mediaSessionId") is not { } id) return;
        if (StreamName.TryParse(body.Text("name"), out var name)) _outputs.Enqueue(new LookUpStream(id, name));
        else StreamLookedUp(id, StreamInfo.NotFound, _now);
    }

    // A publisher that mutes itself tells so; its viewers want to know.
    private void Relay(JsonObject body)
    {
        if (body.Text("mediaSessionId") is not { } id || !_streams.TryGetValue(id, out var stream) || !stream.Published || body.Filled("type") is not { } type) return;
        _outputs.Enqueue(new RelayStreamEvent(stream.StreamName, type, body["payload"]?.DeepClone()));
    }

    private void Report(ClientStream stream, string status, string info)
    {
        stream.Status = status;
        Send(ServerMessage.Of("notifyStreamStatusEvent", stream.Event(status, info)));
        Tell("StreamStatusEvent", stream.Describe(Payload(), status, info.Length > 0 ? info : null));
    }

    private void Finish(ClientStream stream, string status, string info, bool tellClient = true)
    {
        if (!_streams.Remove(stream.Id)) return;
        _setup.Ids.Free(stream.Id);
        if (stream.Ticket != 0) _outputs.Enqueue(new GiveUp(stream.Ticket));
        if (stream.BrowserId is { } browser) _outputs.Enqueue(new CloseBrowser(browser));
        stream.Status = status;
        if (!tellClient || stream.RecordingId is not { } recording)
        {
            SayLast(stream, status, info, tellClient);
            return;
        }

        // The SDK reads the name of the file in the last status of its stream.
        _finals.Add(++_lastTicket, (stream, status, info));
        _outputs.Enqueue(new AwaitRecording(_lastTicket, recording));
    }

    private void Refuse(string id, string info) =>
        Send(ServerMessage.Of("notifyStreamStatusEvent", new JsonObject { ["mediaSessionId"] = id, ["status"] = "FAILED", ["info"] = info }));

    private void ForgetEarlyEnds()
    {
        if (_endedEarly.Count > 0 && _streams.Values.All(s => s.Ticket == 0)) _endedEarly.Clear();
    }

    private static string FinalStatus(ClientStream stream) => stream.Published ? "UNPUBLISHED" : "STOPPED";

    private ClientStream? StreamOf(int ticket) => _streams.Values.FirstOrDefault(s => s.Ticket == ticket);

    private ClientStream? StreamOfBrowser(string browserId) => _streams.Values.FirstOrDefault(s => s.BrowserId == browserId);
}
