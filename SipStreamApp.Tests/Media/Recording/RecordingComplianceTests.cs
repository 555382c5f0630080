using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;
using SipStreamApp.Media.Streams;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Media.Outputs;
using Xunit;

namespace SipStreamApp.Tests.Media.Recording;

/// <summary>The bytes as the recorder writes them while a call runs; nothing finishes them here.</summary>
public class RecordingComplianceTests : OutputCompliance
{
    private protected override IOutputUnderTest Start(LiveStream stream) => new Disk(stream, Clock);

    private sealed class Disk : IOutputUnderTest
    {
        private readonly TestFolder _folder = new();
        private readonly ManualResetEventSlim _flows = new(true);
        private readonly ManualResetEventSlim _isHeld = new();
        private readonly Recorder _recorder;
        private readonly LiveStream _stream;
        private readonly string _id;

        public Disk(LiveStream stream, EngineClock clock)
        {
            _stream = stream;
            // A program that fails at once leaves the parts as they were written.
            _recorder = new Recorder(new RecordingOptions { Directory = _folder.File("records") }, "/bin/false", clock, _ => { }, NullLogger.Instance, FreeBytes);
            var begun = _recorder.Begin(stream, new RecordingRequest { NameTemplate = "part", Replay = true });
            Assert.True(begun.Succeeded);
            _id = begun.Value.Id;
        }

        public bool CanStall => true;

        public long Dropped => _recorder.Find(_id)!.Dropped;

        public void Stall(bool on)
        {
            if (on)
            {
                _flows.Reset();
                Assert.True(_isHeld.Wait(TimeSpan.FromSeconds(10)), "the disk was not asked");
            }
            else
            {
                _flows.Set();
            }
        }

        public Task SettleAsync(TimeSpan until) =>
            Wait.ForAsync(() => _stream.Snapshot().Readers.Count == 1, TimeSpan.FromSeconds(5), () => "the recorder has left");

        public async Task<IReadOnlyList<byte[]>> FinishAsync()
        {
            await Wait.ForAsync(() => _recorder.Find(_id) is { IsOver: true }, TimeSpan.FromSeconds(20), () => $"{_recorder.Find(_id)}");
            var files = Directory.GetFiles(_recorder.Root, "*.mp4").OrderBy(f => f.Length).ThenBy(f => f, StringComparer.Ordinal);
            return [.. files.Select(File.ReadAllBytes)];
        }

        public async ValueTask DisposeAsync()
        {
            _flows.Set();
            await _recorder.DisposeAsync();
            _flows.Dispose();
            _isHeld.Dispose();
            _folder.Dispose();
        }

        // The worker asks once a second, between two looks at its streams: a disk that takes its time holds it up here as it does in a write.
        private long? FreeBytes(string folder)
        {
            if (!_flows.IsSet) _isHeld.Set();
            _flows.Wait();
            return 1L << 40;
        }
    }
}
