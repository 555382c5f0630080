using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;

namespace SipStreamApp.Media.Recording;

/// <summary>JSON of kept waveforms.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Waveform))]
internal sealed partial class WaveformJson : JsonSerializerContext;

/// <summary>
/// Makes the waveforms of finished recordings when somebody wants to see one: ffmpeg decodes the sound once, at low priority, two files at a
/// time; the result lies under ".peaks" in the folder of recordings until the recording goes. Any thread.
/// </summary>
internal sealed class Waveforms(RecordingFolder folder, string? ffmpeg) : IAsyncDisposable
{
    // A peak is a peak at 8 kHz, too, and 8 kHz is decoded and read six times as fast as 48.
    private const int Rate = 8000;
    private const int Jobs = 2;

    // Longest time without a sample.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _jobs = new(Jobs);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<Outcome<Waveform>>>> _making = new();

    /// <summary>The waveform of a file. Failure codes: "needs-ffmpeg", "file-not-found", "no-sound", "waveform-failed", "not-running".</summary>
    /// <param name="id">The recording.</param>
    /// <param name="fileName">Its file's name in the folder.</param>
    /// <param name="cancel">Ends the waiting; what was begun goes on for whoever asks next.</param>
    public async Task<Outcome<Waveform>> GetAsync(string id, string fileName, CancellationToken cancel)
    {
        if (PathOf(id) is not { } kept || folder.Resolve(fileName) is not { } file || !File.Exists(file)) return NoFile;
        if (Load(kept) is { } known) return known;
        if (ffmpeg is null) return Ffmpeg.Missing;
        if (_stop.IsCancellationRequested) return NotRunning;
        var making = _making.GetOrAdd(id, _ => new(() => Task.Run(() => MakeAsync(id, ffmpeg, file, kept))));
        return await making.Value.WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Throws away what was kept of a recording. The disk may refuse (IOException).</summary>
    public void Discard(string id)
    {
        if (PathOf(id) is { } path && File.Exists(path)) File.Delete(path);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_making.Values.Select(m => (Task)m.Value)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _jobs.Dispose();
        _stop.Dispose();
    }

    private static Failure NoFile { get; } = new("file-not-found", Blame.Server, "There is no such file", "Somebody has removed it.");

    private static Failure NotRunning { get; } = new("not-running", Blame.Server, "The media engine is not running") { Retryable = true };

    private string? PathOf(string id) => Path.GetFileName(id) == id && id.Length > 0 ? folder.Resolve($".peaks/{id}.json") : null;

    private async Task<Outcome<Waveform>> MakeAsync(string id, string program, string file, string kept)
    {
        try
        {
            await _jobs.WaitAsync(_stop.Token).ConfigureAwait(false);
            try
            {
                var made = await DecodeAsync(program, file, _stop.Token).ConfigureAwait(false);
                if (made.Succeeded) Save(kept, made.Value);
                return made;
            }
            finally
            {
                _jobs.Release();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return NotRunning;
        }
        finally
        {
            _making.TryRemove(id, out var _);
        }
    }

    private static async Task<Outcome<Waveform>> DecodeAsync(string program, string file, CancellationToken stop)
    {
        string[] arguments = ["-hide_banner", "-nostdin", "-v", "error", "-threads", "1", "-i", file, "-map", "0:a:0", "-ac", "1", "-ar", $"{Rate}", "-f", "s16le", "pipe:1"];
        await using var child = ChildProcess.Start(new ChildCommand(program, arguments) { InBackground = true }, out var problem);
        if (child is null) return Failed(problem);
        var meter = new PeakMeter(Rate);
        var buffer = new byte[1 << 16];
        var filled = 0;
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            int read;
            do
            {
                silence.CancelAfter(Patience);
                read = await child.Output.ReadAsync(buffer.AsMemory(filled), silence.Token).ConfigureAwait(false);
                filled += read;
                meter.Add(MemoryMarshal.Cast<byte, short>(buffer.AsSpan(0, filled & ~1)));
                // Half a sample waits for its other half.
                if ((filled & 1) == 1) buffer[0] = buffer[filled - 1];
                filled &= 1;
            }
            while (read > 0);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return Failed(e is IOException ? e.Message : $"no sample for {Patience.TotalSeconds:0} s");
        }

        await child.Exited.WaitAsync(stop).ConfigureAwait(false);
        if (child.ExitCode == 0 && meter.Samples > 0) return meter.Read();
        var words = child.LastWords;
        return words.Any(w => w.Contains("matches no streams", StringComparison.Ordinal))
            ? new Failure("no-sound", Blame.Caller, "The recording has no sound")
            : Failed(words is [.., var last] ? last : $"exit code {child.ExitCode}");
    }

    private static Failure Failed(string? why) => new("waveform-failed", Blame.Server, "The sound of the recording could not be read", $"ffmpeg: {why}");

    private static Waveform? Load(string path)
    {
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize(File.ReadAllText(path), WaveformJson.Default.Waveform) is { Peaks.IsDefault: false } known ? known : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // Made anew.
        }
    }

    private static void Save(string path, Waveform waveform)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var draft = path + ".tmp";
            File.WriteAllText(draft, JsonSerializer.Serialize(waveform, WaveformJson.Default.Waveform));
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return; // A full disk: the next who asks waits once more.
        }
    }
}
