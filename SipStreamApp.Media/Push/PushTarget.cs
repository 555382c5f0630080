namespace SipStreamApp.Media.Push;

/// <summary>Addresses of pushes as they may be shown.</summary>
public static class PushTarget
{
    /// <summary>The address without what could be a key: "rtmp://host/app/****". What is no such address shows nothing of itself.</summary>
    public static string Mask(string url) => PushAddress.TryParse(url, out var address, out _) ? address.Masked : "****";
}
