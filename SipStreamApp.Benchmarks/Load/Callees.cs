using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit.Peers;
using SipStreamApp.Tests.Kit.Phones;

namespace SipStreamApp.Benchmarks.Load;

/// <summary>Who answers a call.</summary>
internal enum Callee
{
    /// <summary>sipp: a PCMU tone.</summary>
    Sipp,

    /// <summary>A phone of the test kit: Opus.</summary>
    Sound,

    /// <summary>A phone of the test kit: Opus and H.264 640x360, 25 pictures a second.</summary>
    Picture,
}

/// <summary>The callees, in this process and in sipp's: on the other side of SIP and RTP from the product.</summary>
internal sealed class Callees : IAsyncDisposable
{
    private readonly Sipp _sipp;
    private readonly TestPhone _sound = TestPhone.Start(new TestPhoneOptions { Picture = null, SoundCodecs = [Codec.Opus] });
    private readonly TestPhone _picture = TestPhone.Start(new TestPhoneOptions { SoundCodecs = [Codec.Opus] });

    private Callees(Sipp sipp) => _sipp = sipp;

    // An INVITE that waits over half a second on a busy machine is sent again, as it must be; sipp would end such a call.
    public static async Task<Callees> StartAsync() =>
        new(await Sipp.StartAsync(SippScenarios.AnswerAndPlay, more: ["-rtp_threadtasks", "25", "-default_behaviors", "all,-abortunexp"]));

    public bool AllRun => !_sipp.HasExited;

    /// <summary>The body of POST /call/startup.</summary>
    public Dictionary<string, object?> Body(string callId, Callee callee) => new()
    {
        ["callId"] = callId, ["callee"] = "callee", ["toStream"] = callId, ["hasAudio"] = "true", ["hasVideo"] = callee == Callee.Picture ? "true" : "false",
        ["sipLogin"] = "load", ["sipDomain"] = "127.0.0.1", ["sipRegisterRequired"] = "false",
        ["sipPort"] = $"{callee switch { Callee.Sipp => _sipp.Port, Callee.Sound => _sound.Port, _ => _picture.Port }}",
    };

    public async ValueTask DisposeAsync()
    {
        await _sipp.DisposeAsync();
        await _sound.DisposeAsync();
        await _picture.DisposeAsync();
    }
}
