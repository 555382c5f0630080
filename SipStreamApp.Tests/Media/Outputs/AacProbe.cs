using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Tests.Media.Outputs;

/// <summary>Waits for the derived AAC track, which comes later than the picture, by as much as the machine is busy.</summary>
internal static class AacProbe
{
    /// <summary>Waits until it has got to a stream time; after the last sound it goes on as silence. At once where the stream has no sound.</summary>
    public static async Task UntilAsync(LiveStream stream, TimeSpan until)
    {
        using var aac = stream.Subscribe("probe", false, Nothing, aac: true);
        var newest = stream.AudioFormat is null ? until : TimeSpan.MinValue;
        for (var i = 0; i < 500 && newest < until; i++)
        {
            while (aac.TryRead(out var item))
            {
                if (item.Frame.Format.Kind == MediaKind.Audio) newest = item.Frame.StreamTime;
                item.Frame.Release();
            }

            await Task.Delay(20);
        }

        await Task.Delay(100);
    }

    private static void Nothing()
    {
        // It looks by itself.
    }
}
