using Microsoft.Playwright;

namespace SipStreamApp.Tests.Kit.Browsers;

/// <summary>Listens to what a page plays: the strongest tone by the browser's own spectrum analyser.</summary>
internal static class PageEars
{
    /// <summary>A media element that has sound, on any page.</summary>
    public const string AnyElement = "[...document.querySelectorAll('video, audio')].find(e => !e.muted && e.srcObject?.getAudioTracks().length)";

    /// <summary>Asserts that the callee's 1 kHz tone is what comes out of the decoder.</summary>
    public static Task AssertHearsBeepAsync(WhepViewer viewer, TimeSpan limit) => AssertHearsAsync(viewer.Page, 1000, limit, "document.getElementById('v')");

    /// <summary>Asserts that a tone is what comes out of the decoder; fails with the one that does instead.</summary>
    /// <param name="page">The page.</param>
    /// <param name="hertz">The tone, within 40 Hz.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="element">The media element, in JavaScript.</param>
    public static async Task AssertHearsAsync(IPage page, double hertz, TimeSpan limit, string element = AnyElement)
    {
        var heard = -1.0;
        var ok = await Wait.UntilAsync(async () => Math.Abs((heard = await page.EvaluateAsync<double>(Script(element))) - hertz) < 40, limit);
        Xunit.Assert.True(ok, heard < 0 ? $"No element of the page has sound: {element}" : $"The loudest tone is at {heard:F0} Hz, not at {hertz:F0} Hz");
    }

    // One analyser for a stream, however often it is asked; -1 where there is no stream yet.
    private static string Script(string element) => $$"""
        () => {
          const stream = ({{element}})?.srcObject;
          if (!stream) return -1;
          if (window.ear?.stream !== stream) {
            const context = window.ear?.context ?? new AudioContext();
            const analyser = context.createAnalyser();
            analyser.fftSize = 4096;
            context.createMediaStreamSource(stream).connect(analyser);
            window.ear = { stream, context, analyser, bins: new Float32Array(analyser.frequencyBinCount) };
          }
          const { context, analyser, bins } = window.ear;
          analyser.getFloatFrequencyData(bins);
          let best = 0;
          for (let i = 1; i < bins.length; i++) if (bins[i] > bins[best]) best = i;
          return bins[best] < -60 ? 0 : best * context.sampleRate / analyser.fftSize;
        }
        """;
}
