using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;
using SipStreamApp.Media.Streams;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using SipStreamApp.Tests.Media.Outputs;
using Xunit;

namespace SipStreamApp.Tests.Media.Push;

/// <summary>What a push feeds to its child: in ffmpeg's place stands a program that keeps its standard input, one file for each connection.</summary>
public class PushComplianceTests : OutputCompliance
{
    private protected override bool IsSeamless => false;

    private protected override IOutputUnderTest Start(LiveStream stream)
    {
        var kept = new Kept();
        kept.Start(stream, Hub, Clock);
        return kept;
    }

    private sealed class Kept : IOutputUnderTest
    {
        private readonly TestFolder _folder = new();
        private LiveStream? _stream;
        private PushManager? _pushes;
        private string _id = "";

        public bool CanStall => true;

        public long Dropped => Push.Dropped;

        private PushSnapshot Push => _pushes!.All.Single(p => p.Id == _id);

        private FileInfo[] Files => [.. new DirectoryInfo(_folder.Path).GetFiles("*.mp4").OrderBy(f => f.CreationTimeUtc)];

        public void Start(LiveStream stream, StreamHub hub, EngineClock clock)
        {
            _stream = stream;
            var program = _folder.File("keeper");
            File.WriteAllText(program, $"#!/bin/sh\nexec cat > '{_folder.Path}/'$$.mp4\n");
            Run("chmod", "700", program);
            _pushes = new PushManager(new PushServices(clock, hub, new PushLimits { Ffmpeg = program, Stall = TimeSpan.FromMinutes(1) }, NullLogger.Instance), _ => { });
            var started = _pushes.Start(new PushRequest(stream.Name, "rtmp://127.0.0.1/live"));
            Assert.True(started.Succeeded);
            _id = started.Value.Id;
        }

        // The program is stopped as a process: its pipe fills, and the push's write waits.
        public void Stall(bool on) => Run("kill", on ? "-STOP" : "-CONT", Path.GetFileNameWithoutExtension(Files[^1].Name));

        // Where the picture changed, the second connection has to be there before the stream ends.
        public Task SettleAsync(TimeSpan until) => Wait.ForAsync(
            () => Files is [.., { Length: > 0 }] && (Push.Width, Push.Height) == (_stream!.VideoFormat?.Width ?? 0, _stream.VideoFormat?.Height ?? 0),
            TimeSpan.FromSeconds(10), () => $"nothing was fed: {Push}");

        public async Task<IReadOnlyList<byte[]>> FinishAsync()
        {
            await Wait.ForAsync(() => Push.IsEnded, TimeSpan.FromSeconds(20), () => $"{Push}");
            Assert.Equal(PushState.Stopped, Push.State);
            return [.. Files.Select(f => File.ReadAllBytes(f.FullName))];
        }

        private void Run(string program, params string[] arguments) => PeerProcess.RunAsync(program, _folder.Path, arguments).GetAwaiter().GetResult();

        public async ValueTask DisposeAsync()
        {
            await _pushes!.DisposeAsync();
            _folder.Dispose();
        }
    }
}
