// RFC 5168: XML schema for media control; picture_fast_update asks for a keyframe over SIP INFO.
namespace SipStreamApp.Media.Calls;

internal static class FastUpdate
{
    public const string ContentType = "application/media_control+xml";

    /// <summary>True where the other side asks for a keyframe of ours.</summary>
    public static bool IsAsked(string contentType, ReadOnlySpan<byte> body) =>
        contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) && body.IndexOf("picture_fast_update"u8) >= 0;

    public static readonly ReadOnlyMemory<byte> Body =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder></vc_primitive></media_control>"u8.ToArray();
}
