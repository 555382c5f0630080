using SipStreamApp.Tests.EndToEnd.Pages;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.CallDetail;

/// <summary>The page of a call on a phone, with all its pictures: a minute, so it is part of tools/look.sh.</summary>
[Collection(PageMeasurements.Name)]
public class CallLookTests(PagesLab lab)
{
    [Fact]
    public Task PageOnAPhone_LivePastAndFailed_IsAccessibleAndShowsWhatHappened() => new CallPageTests(lab).LivePastAndFailedAsync(isPhone: true);
}
