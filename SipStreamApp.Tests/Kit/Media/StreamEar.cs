using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Tests.Kit.Media;

/// <summary>Listens to a stream in G.711 mu-law, from the hub.</summary>
internal sealed class StreamEar : IDisposable
{
    private const int Rate = 8000;
    private const int Window = 400;

    private readonly Subscription _subscription;
    private readonly List<short> _samples = [];

    public StreamEar(MediaEngine engine, StreamName name) => _subscription = engine.Hub.Find(name)!.Subscribe("test", replay: false, () => { });

    public int Samples => _samples.Count;

    /// <summary>True where some 50 ms so far are of this pitch and no other.</summary>
    public bool Hears(int hertz)
    {
        Read();
        var sound = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_samples);
        for (var at = 0; at + Window <= sound.Length; at += Window / 4) if (Goertzel.Hears(sound.Slice(at, Window), Rate, hertz, 0.1)) return true;
        return false;
    }

    public void Dispose() => _subscription.Dispose();

    private void Read()
    {
        Span<short> room = stackalloc short[2048];
        while (_subscription.TryRead(out var item))
        {
            if (item.Frame.Format.Codec == Codec.Pcmu) _samples.AddRange(room[..G711.DecodeMu(item.Frame.Data, room)]);
            item.Frame.Release();
        }
    }
}
