using System.Globalization;
using SipStreamApp.Media.Srtp;

namespace SipStreamApp.Benchmarks;

/// <summary>SRTP rates in a few seconds, for a look while working: the best and the median of interleaved passes.</summary>
internal static class SrtpRates
{
    private const int Passes = 7;

    public static void Run()
    {
        var loads = (from profile in SrtpProfiles.Preference.ToArray()
                     from size in (int[])[172, 1200]
                     from engine in (SrtpEngine[])[SrtpEngine.Automatic, SrtpEngine.Portable]
                     select (Name: $"{profile.SdesName,-24} {size,5} B {engine,-9}", Load: new SrtpLoad(profile, size, engine),
                         Protect: new List<double>(), Unprotect: new List<double>())).ToList();
        foreach (var (_, load, _, _) in loads) load.Rates(TimeSpan.FromSeconds(0.3));
        for (var pass = 0; pass < Passes; pass++)
        {
            foreach (var (_, load, protect, unprotect) in loads)
            {
                var (p, u) = load.Rates(TimeSpan.FromSeconds(0.15));
                protect.Add(p);
                unprotect.Add(u);
            }
        }

        Console.WriteLine($"AES-NI and PCLMULQDQ {GcmAesNi.IsSupported}, VPCLMULQDQ {GhashWide.IsSupported}, libcrypto SHA-1 {HmacLibcrypto.IsSupported}");
        Console.WriteLine($"{"thousand packets per second and core",-42} protect: median  best   unprotect: median  best");
        foreach (var (name, _, protect, unprotect) in loads)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name} {Median(protect),22:F0} {protect.Max() / 1000,5:F0} {Median(unprotect),19:F0} {unprotect.Max() / 1000,5:F0}"));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2) / 1000;
}
