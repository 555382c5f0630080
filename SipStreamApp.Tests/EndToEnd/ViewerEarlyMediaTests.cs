using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Phones;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>RTP goes straight, the 200 OK goes through proxies: the first picture is there before anybody said what it is.</summary>
public class ViewerEarlyMediaTests
{
    [Fact]
    public async Task MediaBeforeTheAnswer_OfAPhoneThatSendsOneKeyframe_IsNotLost()
    {
        await using var phone = TestPhone.Start(new TestPhoneOptions
        {
            Picture = await NumberedClip.GetAsync(keyEvery: NumberedClip.Frames), ObeysKeyframeRequests = false, AnswersAfter = TimeSpan.FromMilliseconds(300),
        });
        await using var app = await RunningApp.StartAsync();
        var call = await phone.CallFromAsync(app, "c1");
        await Wait.ForAsync(
            () => app.Engine.Streams is [{ Video: { Keyframes: 1, Frames: > 20 } }], TimeSpan.FromSeconds(10),
            () => $"{string.Join("; ", app.Engine.Streams)}; the phone sent {call.Pictures} pictures");
    }
}
