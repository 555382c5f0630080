using SipStreamApp.Media.Mse;
using SipStreamApp.Media.Packaging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Tests.Media.Outputs;
using Xunit;

namespace SipStreamApp.Tests.Media.Mse;

public class MseComplianceTests : OutputCompliance
{
    private protected override IOutputUnderTest Start(LiveStream stream)
    {
        var tracks = LiveTracks.Choose(stream, passOpus: true, noAac: null);
        Assert.True(tracks.Succeeded);
        return new Player(new MseSession(stream, tracks.Value, Clock));
    }

    private protected override bool Takes(Codec codec) => codec == Codec.Opus;

    private sealed class Player : IOutputUnderTest
    {
        private readonly MseSession _session;
        private readonly List<MemoryStream> _files = [];
        private readonly Task _reading;
        private readonly SemaphoreSlim _open = new(1);

        public Player(MseSession session)
        {
            _session = session;
            _reading = Task.Run(ReadAsync);
        }

        public bool CanStall => true;

        public long Dropped => _session.Dropped;

        public void Stall(bool on)
        {
            if (on) _open.Wait();
            else _open.Release();
        }

        public Task SettleAsync(TimeSpan until) => Task.Delay(200);

        public async Task<IReadOnlyList<byte[]>> FinishAsync()
        {
            await _reading.WaitAsync(TimeSpan.FromSeconds(10));
            return [.. _files.Select(f => f.ToArray())];
        }

        public async ValueTask DisposeAsync()
        {
            await _reading.WaitAsync(TimeSpan.FromSeconds(10));
            _session.Dispose();
            _open.Dispose();
        }

        private async Task ReadAsync()
        {
            while (await _session.ReadAsync(CancellationToken.None) is { } message)
            {
                await _open.WaitAsync();
                _open.Release();
                if (message.IsText && message.ToString().StartsWith("{\"type\":\"init\"", StringComparison.Ordinal)) _files.Add(new MemoryStream());
                if (!message.IsText) _files[^1].Write(message.Data.Span);
            }
        }
    }
}
