using System.Collections.Concurrent;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;
using SipStreamApp.Media.Recording;
using SipStreamApp.Signalling.Session;

namespace SipStreamApp.Signalling.Driver;

/// <content>Still pictures, recordings and pushes of a session's streams.</content>
internal sealed partial class SessionWork
{
    // Longer recordings than this can finish in go on being finished; only their page is not told the name.
    private static readonly TimeSpan FinishPatience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, RecordingWatch> _recordings = new(StringComparer.Ordinal);

    private async Task SnapshotAsync(TakeSnapshot take, SessionConnection session)
    {
        var (refused, _) = await services.Access.CheckAsync(session.Read(s => s.Rights), take.Name, CancellationToken.None);
        Outcome<Media.Stills.StillImage> outcome = refused is not null ? refused : await services.Engine.SnapshotPngAsync(take.Name, CancellationToken.None);
        if (outcome.Succeeded) session.Feed(s => s.SnapshotTaken(take.MediaSessionId, outcome.Value.Data.Span, "", Now));
        else session.Feed(s => s.SnapshotTaken(take.MediaSessionId, [], StreamInfo.Of(outcome.Failures[0]), Now));
    }

    private Task RecordAsync(RecordStream record, SessionConnection session)
    {
        var outcome = services.Engine.StartRecording(record.Name, new RecordingRequest { Login = record.Login });
        services.Access.Note(session.Read(s => s.Rights), "SDK record", record.Name.Value, outcome.Succeeded);
        if (outcome.Succeeded)
        {
            _recordings[outcome.Value.Id] = new RecordingWatch(services.Engine, outcome.Value.Id);
            session.Feed(s => s.RecordingBegun(record.MediaSessionId, outcome.Value.Id, Now));
        }
        else
        {
            Log.NotRecorded(services.Logger, record.Name, session.Id, outcome.Failures[0].Title);
        }

        return Task.CompletedTask;
    }

    private async Task AwaitRecordingAsync(AwaitRecording wait, SessionConnection session)
    {
        var last = _recordings.TryRemove(wait.RecordingId, out var watch) ? await watch.EndAsync(FinishPatience) : null;
        var name = last is { State: RecordingState.Ready } ? last.FileName : null;
        session.Feed(s => s.RecordingOver(wait.Ticket, name, Now));
    }

    private Task PushAsync(PushStream push, SessionConnection session)
    {
        var outcome = services.Engine.StartPush(new PushRequest(push.Name, push.Url));
        services.Access.Note(session.Read(s => s.Rights), "SDK rtmpUrl", push.Name.Value, outcome.Succeeded);
        if (outcome.Succeeded) return Task.CompletedTask;
        Log.NotPushed(services.Logger, push.Name, session.Id, outcome.Failures[0].Title);
        session.Feed(s => s.PushRefused(push.MediaSessionId, Now));
        return Task.CompletedTask;
    }

    /// <summary>Waits for the end of one recording; from its beginning on, since who keeps recordings takes them away at once when they are over.</summary>
    private sealed class RecordingWatch : IDisposable
    {
        private readonly TaskCompletionSource<RecordingSnapshot> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly IDisposable _observing;

        public RecordingWatch(MediaEngine engine, string id)
        {
            _observing = engine.Observe(e =>
            {
                if (e is RecordingChanged { Recording: { IsOver: true } over } && over.Id == id) _over.TrySetResult(over);
            });
            if (engine.FindRecording(id) is { IsOver: true } already) _over.TrySetResult(already);
        }

        /// <summary>How it ended; null where it has not within that time.</summary>
        public async Task<RecordingSnapshot?> EndAsync(TimeSpan patience)
        {
            try
            {
                return await _over.Task.WaitAsync(patience);
            }
            catch (TimeoutException)
            {
                return null;
            }
            finally
            {
                Dispose();
            }
        }

        public void Dispose() => _observing.Dispose();
    }
}
