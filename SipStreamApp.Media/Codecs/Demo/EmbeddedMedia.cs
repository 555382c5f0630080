namespace SipStreamApp.Media.Codecs.Demo;

/// <summary>Reads the media files that are part of this assembly (made by tools/make-demo-clip.sh).</summary>
internal static class EmbeddedMedia
{
    public static byte[] Read(string name)
    {
        using var stream = typeof(EmbeddedMedia).Assembly.GetManifestResourceStream("SipStreamApp.Media.Codecs.Demo." + name)
            ?? throw new InvalidOperationException($"The embedded file {name} is missing: this is a broken build.");
        var data = new byte[stream.Length];
        stream.ReadExactly(data);
        return data;
    }
}
