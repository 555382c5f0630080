using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Streams;

/// <summary>How long a link may be good, as people choose it.</summary>
/// <param name="Text">In words.</param>
/// <param name="Span">The time.</param>
internal sealed record ShareLife(string Text, TimeSpan Span)
{
    /// <summary>The choices; the second is the usual one.</summary>
    public static IReadOnlyList<ShareLife> All =>
    [
        new(L("1 hour"), TimeSpan.FromHours(1)), new(L("1 day"), TimeSpan.FromDays(1)), new(L("1 week"), TimeSpan.FromDays(7)), new(L("30 days"), TimeSpan.FromDays(30)), new(L("1 year"), TimeSpan.FromDays(365)),
    ];
}
