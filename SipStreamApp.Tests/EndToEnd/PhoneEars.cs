using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Listens to what a browser plays: the strongest tone by the page's own spectrum analyser.</summary>
internal static class PhoneEars
{
    /// <summary>Asserts that the callee's 1 kHz tone is what comes out of the decoder.</summary>
    public static async Task AssertHearsBeepAsync(WhepViewer viewer, TimeSpan limit)
    {
        var heard = 0.0;
        await viewer.Page.EvaluateAsync(Script);
        var ok = await Wait.UntilAsync(async () => Math.Abs((heard = await viewer.Page.EvaluateAsync<double>("() => window.loudest()")) - 1000) < 40, limit);
        Assert.True(ok, $"The loudest tone is at {heard:F0} Hz, not at 1 kHz");
    }

    private const string Script = """
        () => {
          const context = new AudioContext();
          const analyser = context.createAnalyser();
          analyser.fftSize = 4096;
          context.createMediaStreamSource(document.getElementById('v').srcObject).connect(analyser);
          const bins = new Float32Array(analyser.frequencyBinCount);
          window.loudest = () => {
            analyser.getFloatFrequencyData(bins);
            let best = 0;
            for (let i = 1; i < bins.length; i++) if (bins[i] > bins[best]) best = i;
            return bins[best] < -60 ? 0 : best * context.sampleRate / analyser.fftSize;
          };
        }
        """;
}
