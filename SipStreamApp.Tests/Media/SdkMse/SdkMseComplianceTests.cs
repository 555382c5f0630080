using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;
using SipStreamApp.Media.SdkMse;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.Transcoding;
using SipStreamApp.Tests.Media.Outputs;
using Xunit;

namespace SipStreamApp.Tests.Media.SdkMse;

/// <summary>What a player of the Web SDK is fed; besides what all outputs must do, the rules of its media socket.</summary>
public class SdkMseComplianceTests : OutputCompliance
{
    private protected override IOutputUnderTest Start(LiveStream stream)
    {
        var transcoder = new AudioTranscoder(Hub, Clock, ProgramFinder.Find("ffmpeg"), new DerivedOptions(), NullLogger.Instance);
        return new Socket(new SdkMseSession(stream, stream.AudioFormat is not null, stream.VideoFormat is not null, "", Clock), stream, transcoder);
    }

    private sealed class Socket : IOutputUnderTest
    {
        private readonly SdkMseSession _session;
        private readonly LiveStream _stream;
        private readonly AudioTranscoder _transcoder;
        private readonly List<SdkPiece> _pieces = [];
        private readonly SemaphoreSlim _open = new(1);
        private readonly Task _reading;

        public Socket(SdkMseSession session, LiveStream stream, AudioTranscoder transcoder)
        {
            (_session, _stream, _transcoder) = (session, stream, transcoder);
            _reading = Task.Run(ReadAsync);
        }

        public bool CanStall => true;

        public long Dropped => _session.Dropped;

        public void Stall(bool on)
        {
            if (on) _open.Wait();
            else _open.Release();
        }

        public Task SettleAsync(TimeSpan until) => AacProbe.UntilAsync(_stream, until);

        public async Task<IReadOnlyList<byte[]>> FinishAsync()
        {
            await _reading.WaitAsync(TimeSpan.FromSeconds(10));
            Assert.Equal(StreamEndReason.PublisherStopped, _session.EndReason);
            AssertRules();
            return SdkFlv.Files(_pieces);
        }

        public async ValueTask DisposeAsync()
        {
            await _reading.WaitAsync(TimeSpan.FromSeconds(10));
            _session.Dispose();
            await _transcoder.DisposeAsync();
            _open.Dispose();
        }

        private async Task ReadAsync()
        {
            while (await _session.ReadAsync(CancellationToken.None) is { } message)
            {
                await _open.WaitAsync();
                _open.Release();
                _pieces.AddRange(SdkFlv.Read(message));
            }
        }

        private void AssertRules()
        {
            var media = _pieces.Where(p => !p.IsConfig).ToList();
            Assert.InRange(media[0].Ms, 0, 5);
            foreach (var isVideo in new[] { true, false })
            {
                var track = _pieces.Where(p => p.IsVideo == isVideo).ToList();
                if (track.Count == 0) continue;
                Assert.True(track[0].IsConfig);
                for (var i = 1; i < track.Count; i++)
                {
                    Assert.True(track[i].Ms >= track[i - 1].Ms, $"{track[i].Ms} after {track[i - 1].Ms}");
                    Assert.False(track[i].IsConfig && track[i - 1].IsConfig, "two configurations in a row");
                    if (isVideo) Assert.Equal(track[i].IsKey && !track[i].IsConfig, track[i - 1].IsConfig);
                }
            }
        }
    }
}
