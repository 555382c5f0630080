using BenchmarkDotNet.Attributes;
using SipStreamApp.Media.Srtp;

namespace SipStreamApp.Benchmarks;

/// <summary>One RTP packet through SRTP. Time of the receiving side is the difference of the two.</summary>
[MemoryDiagnoser]
public class SrtpBenchmarks : IDisposable
{
    private SrtpLoad _load = null!;

    [Params("Gcm", "Cm80")]
    public string Suite { get; set; } = "Gcm";

    [Params(172, 1200)]
    public int Size { get; set; }

    [Params("Automatic", "Portable")]
    public string Engine { get; set; } = "Automatic";

    [GlobalSetup]
    public void Setup() => _load = new SrtpLoad(
        Suite == "Gcm" ? SrtpProfile.AeadAes128Gcm : SrtpProfile.Aes128CmHmacSha1_80, Size, Enum.Parse<SrtpEngine>(Engine));

    [GlobalCleanup]
    public void Dispose()
    {
        _load.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public int Protect() => _load.Protect();

    [Benchmark]
    public int RoundTrip() => _load.RoundTrip();
}
