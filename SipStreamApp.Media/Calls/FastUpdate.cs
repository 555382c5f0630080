// RFC 5168: XML schema for media control; picture_fast_update asks for a keyframe over SIP INFO.
namespace SipStreamApp.Media.Calls;

internal static class FastUpdate
{
    public const string ContentType = "application/media_control+xml";

    public static readonly ReadOnlyMemory<byte> Body =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder></vc_primitive></media_control>"u8.ToArray();
}
