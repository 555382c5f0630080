using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Hls;
using SipStreamApp.Media.Packaging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.Transcoding;
using SipStreamApp.Tests.Media.Outputs;
using Xunit;

namespace SipStreamApp.Tests.Media.Hls;

public class HlsComplianceTests : OutputCompliance
{
    private protected override IOutputUnderTest Start(LiveStream stream)
    {
        var transcoder = new AudioTranscoder(Hub, Clock, ProgramFinder.Find("ffmpeg"), new DerivedOptions(), NullLogger.Instance);
        var tracks = LiveTracks.Choose(stream, passOpus: false, transcoder.Unable);
        Assert.True(tracks.Succeeded);
        return new Presentation(new HlsStream(stream, tracks.Value, Clock, new HlsOptions { Listed = 50 }), transcoder);
    }

    private sealed class Presentation(HlsStream stream, AudioTranscoder transcoder) : IOutputUnderTest
    {
        public bool CanStall => false;

        public long Dropped => 0;

        public void Stall(bool on)
        {
            // Segments lie in memory until somebody fetches them or they grow old.
        }

        public Task SettleAsync(TimeSpan until) => AacProbe.UntilAsync(stream.Stream, until);

        public async Task<IReadOnlyList<byte[]>> FinishAsync()
        {
            var text = "";
            for (var i = 0; i < 100 && !text.Contains("#EXT-X-ENDLIST", StringComparison.Ordinal); i++)
            {
                await Task.Delay(50);
                var list = await stream.PlaylistAsync(null, null, "", CancellationToken.None);
                text = System.Text.Encoding.UTF8.GetString(list.Value!.Body[0].Span);
            }

            List<MemoryStream> files = [];
            foreach (var line in text.Split('\n'))
            {
                if (line.StartsWith("#EXT-X-MAP", StringComparison.Ordinal))
                {
                    files.Add(new MemoryStream());
                    await AddAsync(files[^1], line.Split('"')[1]);
                }
                else if (line.Length > 0 && line[0] != '#')
                {
                    await AddAsync(files[^1], line);
                }
            }

            return [.. files.Select(f => f.ToArray())];
        }

        public async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync();
            await transcoder.DisposeAsync();
        }

        private async Task AddAsync(MemoryStream file, string name)
        {
            var answer = await stream.FileAsync(name, CancellationToken.None);
            Assert.True(answer.Succeeded, name);
            foreach (var piece in answer.Value.Body) file.Write(piece.Span);
        }
    }
}
