// RFC 8866 section 6.7 and RFC 3264 section 6.1: direction of a medium, seen from the end that wrote it.
namespace SipStreamApp.Media.Sdp;

/// <summary>Two bits, so that an answer is the reversed offer AND-ed with what we want.</summary>
[Flags]
internal enum SdpDirection
{
    Inactive = 0,
    SendOnly = 1,
    RecvOnly = 2,
    SendRecv = SendOnly | RecvOnly,
}

internal static class SdpDirections
{
    /// <summary>The same flow seen from the other end.</summary>
    public static SdpDirection Reverse(this SdpDirection d) => (SdpDirection)(((int)d & 1) << 1 | ((int)d & 2) >> 1);

    public static bool Sends(this SdpDirection d) => (d & SdpDirection.SendOnly) != 0;

    public static bool Receives(this SdpDirection d) => (d & SdpDirection.RecvOnly) != 0;

    public static string ToAttribute(this SdpDirection d) => d switch
    {
        SdpDirection.SendOnly => "sendonly",
        SdpDirection.RecvOnly => "recvonly",
        SdpDirection.Inactive => "inactive",
        _ => "sendrecv",
    };

    /// <summary>The direction among these attributes, or null where none is written.</summary>
    public static SdpDirection? Find(SdpAttributes attributes)
    {
        foreach (var (name, _) in attributes.Items)
        {
            switch (name.ToLowerInvariant())
            {
                case "sendrecv": return SdpDirection.SendRecv;
                case "sendonly": return SdpDirection.SendOnly;
                case "recvonly": return SdpDirection.RecvOnly;
                case "inactive": return SdpDirection.Inactive;
            }
        }

        return null;
    }
}
