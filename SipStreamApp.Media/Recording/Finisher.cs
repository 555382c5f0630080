using SipStreamApp.Media.Processes;

namespace SipStreamApp.Media.Recording;

/// <summary>Makes a recording's parts into the file people get. Can be begun again after a crash at any point.</summary>
internal sealed class Finisher(RecordingFolder folder, string? ffmpeg, long minFree)
{
    // Longest time without a word of progress.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Works to the end and gives the last snapshot. Throws only where it is cancelled, or the disk refuses (IOException).</summary>
    public async Task<RecordingSnapshot> RunAsync(RecordingEntry entry, CancellationToken cancel)
    {
        var snapshot = entry.Snapshot;
        var parts = folder.PartsOf(entry.Id).Select(RecordedPart.Repair).OfType<RecordedPart>().ToList();
        if (parts.Count == 0)
        {
            if (entry.FileName is { } done && folder.Resolve(done) is { } there && File.Exists(there) && new FileInfo(there).Length > 0)
                return snapshot with { State = RecordingState.Ready, Percent = 100, FileName = done, Bytes = new FileInfo(there).Length };
            return snapshot with { State = RecordingState.Failed, Reason = snapshot.Reason ?? "No sound or picture came", Bytes = 0, Duration = TimeSpan.Zero };
        }

        snapshot = snapshot with { Duration = parts[^1].End - parts[0].Start, EndedAt = snapshot.EndedAt ?? snapshot.StartedAt + parts[^1].End };
        var hasVideo = parts.Any(p => p.Video is not null);
        var size = parts.Sum(p => new FileInfo(p.Path).Length);
        var problem = ffmpeg is null ? "ffmpeg was not found"
            : folder.IsFull(minFree / 2 + size) ? "There is no room on the disk to finish it"
            : null;
        var output = Path.Combine(entry.Work, "finished.tmp");
        if (problem is null) problem = await ConvertAsync(entry, parts, hasVideo, snapshot, output, cancel).ConfigureAwait(false);
        var crashSafe = problem is not null;

        var ending = hasVideo || crashSafe ? ".mp4" : ".m4a";
        if (entry.FileName is null || Path.GetExtension(entry.FileName) != ending)
        {
            entry.FileName = folder.Reserve(RecordingName.Make(entry.Template, snapshot), ending);
            RecordingManifest.Of(snapshot, entry.Template, entry.FileName).Save(entry.Work);
        }

        var final = folder.Resolve(entry.FileName)!;
        if (crashSafe)
        {
            snapshot = snapshot with { Reason = Join(snapshot.Reason, problem + ": this is the file as it was written during the call") };
            foreach (var more in parts.Skip(1))
            {
                var name = folder.Reserve(Path.ChangeExtension(entry.FileName, null) + "-more", ".mp4");
                File.Move(more.Path, folder.Resolve(name)!, overwrite: true);
                snapshot = snapshot with { Reason = Join(snapshot.Reason, $"goes on in {name}") };
            }
        }

        // Last, so that a crash before it finds the first part where it was.
        File.Move(crashSafe ? parts[0].Path : output, final, overwrite: true);

        var poster = hasVideo && ffmpeg is not null ? await PosterAsync(entry.FileName, snapshot.Duration, cancel).ConfigureAwait(false) : null;
        foreach (var file in Directory.EnumerateFiles(entry.Work).Where(f => Path.GetExtension(f) != ".json")) File.Delete(file);
        return snapshot with { State = RecordingState.Ready, Percent = 100, FileName = entry.FileName, PosterName = poster, Bytes = new FileInfo(final).Length };
    }

    // Returns what went wrong, or null.
    private async Task<string?> ConvertAsync(RecordingEntry entry, List<RecordedPart> parts, bool hasVideo, RecordingSnapshot snapshot, string output, CancellationToken cancel)
    {
        var hasAudio = parts.Any(p => p.Audio is not null);
        if (parts.Count == 1)
        {
            var copy = parts[0].Video?.SampleEntry == "avc1";
            return await FfmpegAsync(entry, FfmpegArguments.Finish(parts[0].Path, false, hasVideo, copy, hasAudio, output), snapshot.Duration, 0, 100, cancel).ConfigureAwait(false);
        }

        var files = new List<string>();
        foreach (var (index, part) in parts.Index())
        {
            var file = Path.Combine(entry.Work, $"joined-{index}.mov");
            files.Add(file);
            var arguments = FfmpegArguments.Normalise(part, hasVideo, hasAudio, snapshot.Width, snapshot.Height, file);
            if (await FfmpegAsync(entry, arguments, part.End - part.Start, 80 * index / parts.Count, 80 * (index + 1) / parts.Count, cancel).ConfigureAwait(false) is { } problem)
                return problem;
        }

        var list = Path.Combine(entry.Work, "joined.txt");
        await File.WriteAllTextAsync(list, FfmpegArguments.List(parts, files), cancel).ConfigureAwait(false);
        return await FfmpegAsync(entry, FfmpegArguments.Finish(list, true, hasVideo, true, hasAudio, output), snapshot.Duration, 80, 100, cancel).ConfigureAwait(false);
    }

    private async Task<string?> FfmpegAsync(RecordingEntry entry, List<string> arguments, TimeSpan length, int from, int to, CancellationToken cancel)
    {
        var command = new ChildCommand(ffmpeg!, arguments)
        {
            InBackground = true,
            Line = line =>
            {
                if (FfmpegArguments.Progress(line) is not { } at || length <= TimeSpan.Zero) return;
                entry.Note(entry.Snapshot with { Percent = from + (int)((to - from) * Math.Clamp(at / length, 0, 1)) });
            },
        };
        var outcome = await ChildProcess.RunAsync(command, Patience, cancel).ConfigureAwait(false);
        return outcome.Succeeded ? null : $"ffmpeg failed ({outcome.Problem})";
    }

    private async Task<string?> PosterAsync(string name, TimeSpan duration, CancellationToken cancel)
    {
        var poster = Path.ChangeExtension(name, ".jpg");
        var path = folder.Resolve(poster)!;
        var at = TimeSpan.FromSeconds(Math.Min(1, duration.TotalSeconds / 2));
        var command = new ChildCommand(ffmpeg!, FfmpegArguments.Poster(folder.Resolve(name)!, at, path)) { InBackground = true };
        var outcome = await ChildProcess.RunAsync(command, Patience, cancel).ConfigureAwait(false);
        return outcome.Succeeded && File.Exists(path) ? poster : null;
    }

    private static string Join(string? first, string second) => first is null ? second : $"{first}; {second}";
}
