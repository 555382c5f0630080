namespace SipStreamApp.Media.Rtp;

/// <summary>Conversions between media ticks at a rate and ticks of 100 ns, exact and without overflow for the life of any call.</summary>
internal static class MediaTime
{
    public static long ToTimeTicks(long mediaTicks, int clockRate)
    {
        var (seconds, rest) = Math.DivRem(mediaTicks, clockRate);
        return seconds * TimeSpan.TicksPerSecond + rest * TimeSpan.TicksPerSecond / clockRate;
    }

    public static long ToMediaTicks(long timeTicks, int clockRate)
    {
        var (seconds, rest) = Math.DivRem(timeTicks, TimeSpan.TicksPerSecond);
        return seconds * clockRate + rest * clockRate / TimeSpan.TicksPerSecond;
    }
}
