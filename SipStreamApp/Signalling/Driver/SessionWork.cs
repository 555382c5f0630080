using System.Collections.Concurrent;
using System.Net;
using SipStreamApp.Hooks;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.People;
using SipStreamApp.Signalling.Session;

namespace SipStreamApp.Signalling.Driver;

/// <summary>What all sessions work with.</summary>
/// <param name="Engine">The media engine.</param>
/// <param name="Hooks">The backends of applications.</param>
/// <param name="Clock">Time.</param>
/// <param name="Relay">Passes an event to all who play a stream.</param>
/// <param name="Post">Runs something in the order of the engine's events; may be called on an engine thread.</param>
/// <param name="Access">Who may do what.</param>
/// <param name="Logger">For defects.</param>
internal sealed record SessionServices(
    MediaEngine Engine, IAppHooks Hooks, EngineClock Clock, Action<RelayStreamEvent> Relay, Action<Action> Post, ClientAccess Access, ILogger Logger);

/// <summary>Carries out the commands of one session. Each runs on its own and brings its outcome back into the machine.</summary>
internal sealed partial class SessionWork(SessionServices services, ClientPlace place)
{
    private readonly IPAddress? _localAddress = place.LocalAddress;
    private readonly ConcurrentDictionary<int, CancellationTokenSource> _running = new();

    /// <summary>Monotonic time.</summary>
    public Instant Now => services.Clock.Now;

    /// <summary>Starts a command and returns at once.</summary>
    public void Start(SessionOutput command, SessionConnection session)
    {
        switch (command)
        {
            case TellHook tell:
                services.Hooks.Tell(session.Read(s => s.AppKey), tell.Hook, tell.Payload);
                break;
            case CloseBrowser close:
                if (!CloseFeed(close.BrowserId)) services.Engine.StopWatching(close.BrowserId);
                break;
            case GiveUp giveUp:
                if (_running.TryRemove(giveUp.Ticket, out var work)) work.Cancel();
                break;
            case KeepRegistered keep:
                Register(keep.Identity, session);
                break;
            case GiveUpRegistration:
                _ = GiveUpRegistrationAsync();
                break;
            case RelayStreamEvent relay:
                // Other sessions have locks of their own: never from within this one's.
                _ = Task.Run(() => services.Relay(relay));
                break;
            default:
                _ = Task.Run(() => RunAsync(command, session));
                break;
        }
    }

    /// <summary>Calls <paramref name="end"/> when the caller's key or user is good no more.</summary>
    public void Hold(Caller caller, Action end, Func<bool> lasts) => services.Access.Hold(caller, end, lasts);

    /// <summary>Gives up everything that runs; what is under way still brings its outcome back, to be undone.</summary>
    public void GiveUpAll()
    {
        foreach (var (id, _) in _recordings) if (_recordings.TryRemove(id, out var watch)) watch.Dispose();
        foreach (var (ticket, _) in _running) if (_running.TryRemove(ticket, out var work)) work.Cancel();
    }

    private async Task RunAsync(SessionOutput command, SessionConnection session)
    {
        try
        {
            await (command switch
            {
                AskHook ask => AskAsync(ask, session),
                CheckTokens check => CheckAsync(check, session),
                WatchStream watch => WatchAsync(watch, session),
                FeedStream feed => FeedAsync(feed, session),
                PublishStream publish => PublishAsync(publish, session),
                LookUpStream look => LookUpAsync(look, session),
                TakeSnapshot take => SnapshotAsync(take, session),
                RecordStream record => RecordAsync(record, session),
                AwaitRecording wait => AwaitRecordingAsync(wait, session),
                PushStream push => PushAsync(push, session),
                PlaceCall place => PlaceAsync(place, session),
                TalkToCall talk => TalkAsync(talk, session),
                OfferTalk offer => OfferAsync(offer, session),
                AnswerCall answer => AnswerAsync(answer, session),
                HangUpCall hangUp => services.Engine.HangUpAsync(hangUp.Call),
                ForbidCall forbid => services.Engine.ForbidAsync(forbid.Call),
                HoldCall hold => HoldAsync(hold, session),
                PressKeys keys => PressAsync(keys, session),
                TransferCall transfer => TransferAsync(transfer, session),
                _ => throw new InvalidOperationException($"No way to carry out {command.GetType().Name}."),
            });
        }
        catch (OperationCanceledException)
        {
            // The session gave it up; there is nobody to tell.
        }
        catch (Exception e)
        {
            // A defect, here or in the engine: the client must not wait for ever for what will not come.
            Log.Failed(services.Logger, e, command.GetType().Name, session.Id);
            session.Feed(s => s.Terminate("internal error", Now));
        }
    }

    private async Task AskAsync(AskHook ask, SessionConnection session)
    {
        var reply = await services.Hooks.AskAsync(session.Read(s => s.AppKey), ask.Hook, ask.Payload, CancellationToken.None);
        session.Feed(s => s.HookAnswered(ask.Ticket, reply, Now));
    }

    private async Task CheckAsync(CheckTokens check, SessionConnection session)
    {
        var rights = await services.Access.RightsAsync(session.Read(s => s.Rights), check.Tokens, CancellationToken.None);
        if (rights.IsKnown) place.Known();
        session.EndWith(rights.Caller);
        session.Feed(s => s.TokensChecked(check.Ticket, rights, Now));
    }

    private async Task WatchAsync(WatchStream watch, SessionConnection session)
    {
        var wasReserved = services.Engine.FindStream(watch.Name) is not null;
        var (refused, link) = await services.Access.CheckAsync(session.Read(s => s.Rights), watch.Name, CancellationToken.None);
        var seat = $"sdk {session.Id} {watch.Ticket}";
        if (refused is null && link is not null && !services.Access.TakeSeat(link, seat)) refused = ClientAccess.Full;
        if (refused is not null)
        {
            session.Feed(s => s.MediaFailed(watch.Ticket, refused, wasReserved, Now));
            return;
        }

        string? browser = null;
        try
        {
            var outcome = await UnderAsync(watch.Ticket, cancel => services.Engine.WatchAsync(watch.Name, watch.Offer, _localAddress, cancel));
            browser = outcome.Value?.SessionId;
            if (browser is not null) services.Access.Opened(session.Read(s => s.Rights), browser);
            Bring(watch.Ticket, wasReserved, session, outcome);
        }
        finally
        {
            if (link is not null) services.Access.Seated(link, seat, browser);
        }
    }

    private async Task PublishAsync(PublishStream publish, SessionConnection session)
    {
        var outcome = await UnderAsync(publish.Ticket, cancel => services.Engine.PublishAsync(publish.Name, publish.Offer, _localAddress, cancel));
        services.Access.Note(session.Read(s => s.Rights), "SDK publishStream", publish.Name.Value, outcome.Succeeded);
        Bring(publish.Ticket, false, session, outcome);
    }

    private void Bring(int ticket, bool wasReserved, SessionConnection session, Outcome<WatchAnswer> outcome)
    {
        if (outcome.Succeeded) session.Feed(s => s.BrowserAnswered(ticket, outcome.Value.SessionId, outcome.Value.Sdp, Now));
        else session.Feed(s => s.MediaFailed(ticket, outcome.Failures[0], wasReserved, Now));
    }

    private async Task LookUpAsync(LookUpStream look, SessionConnection session)
    {
        var (refused, _) = await services.Access.CheckAsync(session.Read(s => s.Rights), look.Name, CancellationToken.None);
        var problem = refused is not null ? StreamInfo.Restricted : services.Engine.FindStream(look.Name) switch
        {
            null => StreamInfo.NotFound,
            { State: Media.Streams.StreamState.Live } => null,
            _ => StreamInfo.NotReady,
        };
        session.Feed(s => s.StreamLookedUp(look.MediaSessionId, problem, Now));
    }

    private async Task<T> UnderAsync<T>(int ticket, Func<CancellationToken, Task<T>> run)
    {
        using var cancel = new CancellationTokenSource();
        _running[ticket] = cancel;
        try
        {
            return await run(cancel.Token);
        }
        finally
        {
            _running.TryRemove(ticket, out _);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ClientIncomplete, LogLevel.Information, "Stream {Stream} goes to Web SDK session {Session} by MSE incomplete: {Note}")]
        public static partial void Incomplete(ILogger logger, StreamName stream, string session, string note);

        [LoggerMessage(EventIds.ClientPhoneRefused, LogLevel.Information, "{What} in call {Call} of Web SDK session {Session} was refused: {Cause}")]
        public static partial void Refused(ILogger logger, string what, CallId call, string session, string cause);

        [LoggerMessage(EventIds.ClientNotRecorded, LogLevel.Warning, "Stream {Stream} of Web SDK session {Session} is not recorded: {Cause}")]
        public static partial void NotRecorded(ILogger logger, StreamName stream, string session, string cause);

        [LoggerMessage(EventIds.ClientNotPushed, LogLevel.Warning, "Stream {Stream} of Web SDK session {Session} is not sent on: {Cause}")]
        public static partial void NotPushed(ILogger logger, StreamName stream, string session, string cause);

        [LoggerMessage(EventIds.ClientWorkFailed, LogLevel.Error, "{Command} failed for Web SDK session {Session}")]
        public static partial void Failed(ILogger logger, Exception cause, string command, string session);
    }
}
