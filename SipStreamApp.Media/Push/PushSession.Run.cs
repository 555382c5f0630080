using System.Buffers;
using System.Net;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Push;

/// <summary>The course of a push: connection after connection.</summary>
internal sealed partial class PushSession
{
    private static readonly TimeSpan StartPoll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RetryPoll = TimeSpan.FromMilliseconds(100);

    private Instant Now => _services.Clock.Now;

    private async Task RunAsync()
    {
        var stop = _stop.Token;
        Failure? broken = null;
        try
        {
            await _stream.Ready.WaitAsync(stop);
            var goesOn = true;
            while (goesOn && _stream.State != StreamState.Ended)
            {
                broken = await AttemptAsync(stop);
                goesOn = broken is not null && (broken == PushCauses.NewFormat || (broken.Retryable && await PauseAsync(broken, stop)));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            broken = null;
        }
        catch (Exception e)
        {
            LogFault(e, Id);
            broken = new Failure("internal-error", Blame.Server, "The push failed inside the program", "The log has the details.");
        }

        if (broken == PushCauses.NewFormat) broken = null;
        Finish(broken is null ? PushState.Stopped : PushState.Failed, broken);
    }

    private async Task<bool> PauseAsync(Failure cause, CancellationToken stop)
    {
        var pause = _backoff.Next();
        _isHurried = false;
        LogBroke(Id, _stream.Name, _target.Masked, cause.Title, pause.TotalSeconds);
        Move(s => s with
        {
            State = PushState.Retrying, Cause = cause, RetryAt = _services.Clock.UtcNow + pause, FailedAttempts = _backoff.Failures, PublishingSince = null,
        });
        for (var until = Now + pause; Now < until && !_isHurried && _stream.State != StreamState.Ended;) await Task.Delay(RetryPoll, stop);
        return _stream.State != StreamState.Ended;
    }

    // Null: the stream ended and everything was handed over.
    private async Task<Failure?> AttemptAsync(CancellationToken stop)
    {
        using var feed = new PushFeed(_stream, _sound, _services.Limits, Now);
        lock (_gate) _feed = feed;
        try
        {
            while (!feed.IsStarted)
            {
                if (feed.TryStart(Now) == FeedStatus.Ended) return _snapshot.Cause;
                if (!feed.IsStarted) await Task.Delay(StartPoll, stop);
            }

            // Also where the file cannot be played after all: better the call's sound than none.
            if (feed.Audio is { } audio && await LoadSoundAsync(audio.Codec, stop) is { } unplayable) LogWords(Id, unplayable.ToString());
            return await ConnectAsync(feed, stop);
        }
        finally
        {
            lock (_gate) (_dropped, _feed) = (_dropped + feed.Dropped, null);
        }
    }

    private async Task<Failure?> ConnectAsync(PushFeed feed, CancellationToken stop)
    {
        var guarded = await GuardAsync(stop);
        if (!guarded.Succeeded) return guarded.Failures[0];
        var arguments = FfmpegArguments.For(guarded.Value, feed.Video, feed.Audio, _services.Limits);
        var progress = new SenderProgress();
        await using var child = ChildProcess.Start(new ChildCommand(_services.Limits.Ffmpeg, arguments) { Line = progress.Take, Mask = _target.Hide }, out _);
        if (child is null) return PushCauses.Missing(_services.Limits.Ffmpeg);
        lock (_gate)
        {
            (_child, _progress, _killedFor, _publishingAt, _isWriting) = (child, progress, null, Instant.Never, false);
            _meter.Open(Now);
        }

        Move(s => s with { State = PushState.Connecting, RetryAt = null, Width = feed.Video?.Width ?? 0, Height = feed.Video?.Height ?? 0 });
        var status = FeedStatus.Open;
        var proven = false;
        try
        {
            status = await PumpAsync(feed, child, progress, stop);
        }
        finally
        {
            proven = IsProven(Now);
            await child.FinishAsync(_services.Limits.Farewell);
            Close(child);
        }

        if (status == FeedStatus.FormatChanged) return PushCauses.NewFormat;
        if (status == FeedStatus.Ended && child.ExitCode == 0) return null;
        var words = child.LastWords;
        var last = words is [.., var newest] ? newest : null;
        foreach (var line in words)
        {
            LogWords(Id, line);
            if (line.Contains("[error]", StringComparison.Ordinal)) last = line;
        }

        Move(s => s with { Raw = last });
        return _killedFor ?? PushCauses.Explain(words, child.ExitCode, proven);
    }

    // The sender looks names up by itself: it is given the address that was looked at instead of the name. Not for rtmps with its certificate
    // checked: the sender needs the name for that (and for SNI), and no private server has a certificate for a foreign name.
    private async Task<Outcome<PushAddress>> GuardAsync(CancellationToken stop)
    {
        var guard = _services.Limits.Outgoing;
        var found = await guard.ResolveAsync(_target.Host, stop);
        if (!found.Succeeded) return guard.RefusesPrivate || found.Failures[0].Code == "private-target" ? found.Failures[0] : _target;
        var isName = !IPAddress.TryParse(_target.Host.Trim('[', ']'), out _);
        var keepsName = !guard.RefusesPrivate || !isName || (_target.Scheme == "rtmps" && _services.Limits.VerifyCertificates);
        return keepsName ? _target : _target.At(found.Value[_backoff.Failures % found.Value.Length]);
    }

    private async Task<FeedStatus> PumpAsync(PushFeed feed, ChildProcess child, SenderProgress progress, CancellationToken stop)
    {
        _ = child.Exited.ContinueWith(static (_, wake) => ((WakeSignal)wake!).Set(), feed.Wake, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        var status = FeedStatus.Open;
        try
        {
            while (status == FeedStatus.Open && !child.Exited.IsCompleted)
            {
                status = feed.Fill(buffer, Now);
                if (buffer.WrittenCount > 0)
                {
                    lock (_gate) _isWriting = true;
                    await child.Input.WriteAsync(buffer.WrittenMemory, stop);
                    progress.Fed(buffer.WrittenCount);
                    lock (_gate)
                    {
                        _isWriting = false;
                        _meter.Fed(Now);
                    }

                    buffer.ResetWrittenCount();
                }

                if (status == FeedStatus.Open) await feed.Wake.WaitAsync(stop);
            }
        }
        catch (IOException e)
        {
            LogWords(Id, e.Message); // The child is gone; its own last words say why.
        }

        return status;
    }

    private void Close(ChildProcess child)
    {
        lock (_gate)
        {
            if (child.ExitCode == 0) _meter.Read(Now, _progress.Size, 0);
            _meter.Close();
            _child = null;
        }
    }

    [LoggerMessage(LogIds.PushPublishing, LogLevel.Information, "Push {Id} of {Stream} is taken by {Target}")]
    private partial void LogPublishing(string id, StreamName stream, string target);

    [LoggerMessage(LogIds.PushBroke, LogLevel.Warning, "Push {Id} of {Stream} to {Target} broke: {Cause}; next attempt in {Seconds} s")]
    private partial void LogBroke(string id, StreamName stream, string target, string cause, double seconds);

    [LoggerMessage(LogIds.PushEnded, LogLevel.Information, "Push {Id} of {Stream} ended: {State}, {Bytes} bytes sent")]
    private partial void LogEnded(string id, StreamName stream, PushState state, long bytes);

    [LoggerMessage(LogIds.PushFault, LogLevel.Error, "Push {Id} failed inside the program")]
    private partial void LogFault(Exception e, string id);

    [LoggerMessage(LogIds.FfmpegWords, LogLevel.Debug, "Push {Id}: {Line}")]
    private partial void LogWords(string id, string line);
}
