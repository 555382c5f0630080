// RFC 5905 section 6: NTP timestamp format, 32 bits of seconds since 1900 and 32 bits of fraction.
namespace SipStreamApp.Media.Primitives;

/// <summary>A 64-bit NTP timestamp, as carried by RTCP sender reports (RFC 3550 section 4).</summary>
public readonly record struct NtpTime(ulong Value)
{
    private static readonly DateTimeOffset Epoch = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The middle 32 bits, used for LSR and DLSR (RFC 3550 section 6.4.1).</summary>
    public uint Middle => (uint)(Value >> 16);

    /// <summary>The NTP timestamp of a wall-clock time.</summary>
    public static NtpTime FromUtc(DateTimeOffset utc) => FromTicks((utc - Epoch).Ticks);

    /// <summary>This timestamp moved by a span (either way).</summary>
    public NtpTime Add(TimeSpan span) => FromTicks(ToTicks() + span.Ticks);

    /// <summary>The span from <paramref name="earlier"/> to this one; exact across the 2036 era change for spans under 68 years.</summary>
    public TimeSpan Since(NtpTime earlier)
    {
        var delta = unchecked((long)(Value - earlier.Value));
        return new TimeSpan((long)(delta / 4294967296.0 * TimeSpan.TicksPerSecond));
    }

    private static NtpTime FromTicks(long ticks)
    {
        var seconds = (ulong)(ticks / TimeSpan.TicksPerSecond) & 0xFFFF_FFFF;
        var fraction = (ulong)(ticks % TimeSpan.TicksPerSecond) * 0x1_0000_0000UL / TimeSpan.TicksPerSecond;
        return new NtpTime((seconds << 32) | fraction);
    }

    private long ToTicks() =>
        (long)(Value >> 32) * TimeSpan.TicksPerSecond + (long)((Value & 0xFFFF_FFFF) * TimeSpan.TicksPerSecond >> 32);
}
