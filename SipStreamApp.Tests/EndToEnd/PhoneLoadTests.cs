using SipStreamApp.Media.Calls;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Many calls at once, answered by sipp, each with a tone. Memory is measured by <see cref="LeakTests"/>: here it would be that of the whole suite.</summary>
[Collection(PhoneMeasurements.Name)]
public class PhoneLoadTests(PhoneLab lab, ITestOutputHelper output)
{
    private const int Calls = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task HundredCalls_AtOnce_CarrySoundAndLeaveNothingBehind()
    {
        await lab.ClearAsync();
        var complaints = lab.Complaints();
        // Of a hundred INVITEs at once some wait over half a second on a busy machine and are sent again, as they must be; sipp would end those calls.
        await using var phone = await Sipp.StartAsync(SippScenarios.AnswerAndPlay, more: ["-rtp_threadtasks", "25", "-default_behaviors", "all,-abortunexp"]);
        await RoundAsync("load", phone);
        Assert.Equal(complaints, lab.Complaints());
    }

    private async Task RoundAsync(string name, Sipp phone)
    {
        string[] ids = [.. Enumerable.Range(0, Calls).Select(i => PhoneLab.NewId($"{name}-{i}"))];
        await Task.WhenAll(ids.Select(id => lab.StartCallAsync(PhoneLab.DirectCall(id, phone.Port))));
        await Wait.ForAsync(
            () => Up.Count(c => c.Status == CallStatus.Established) == Calls, Patience,
            () => $"{Up.Count(c => c.Status == CallStatus.Established)} of {Calls} are established:\n{phone.Output}\n" + string.Join('\n', lab.App.Engine.Calls.Where(c => c.Status != CallStatus.Established).Take(3)));
        output.WriteLine($"{name}: all answered within {Spread():F0} ms of the first startup");
        Assert.Equal(Calls, lab.App.Engine.RtpPortsInUse);
        await Wait.ForAsync(
            () => Up.All(c => c.Media.Sum(m => m.PacketsReceived) > 50), Patience, () => $"{Up.Count(c => c.Media.Sum(m => m.PacketsReceived) <= 50)} calls are without sound");
        var then = Up.ToDictionary(c => c.Id, c => c.Media.Sum(m => m.PacketsReceived));
        await Task.Delay(2000);
        var rates = Up.Select(c => (c.Media.Sum(m => m.PacketsReceived) - then[c.Id]) / 2.0).Order().ToArray();
        output.WriteLine($"{name}: {rates[0]:F0} to {rates[^1]:F0} packets/s for each call, lost {Up.Sum(c => c.Media.Sum(m => m.PacketsLost))}");
        Assert.True(rates[0] > 25, $"The slowest call gets {rates[0]:F0} packets/s");
        await Task.WhenAll(ids.Select(lab.EndCallAsync));
        await lab.AssertNothingLeftAsync();
    }

    private IEnumerable<CallSnapshot> Up => lab.App.Engine.Calls.Where(c => !c.IsEnded);

    private double Spread() => (Up.Max(c => c.AnsweredAt!.Value) - Up.Min(c => c.CreatedAt)).TotalMilliseconds;
}
