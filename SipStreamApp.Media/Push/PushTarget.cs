using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Push;

/// <summary>Addresses of pushes as people save and see them: the address, and apart from it what nobody may see.</summary>
public static class PushTarget
{
    /// <summary>The address without what could be a key: "rtmp://host/app/****". What is no such address shows nothing of itself.</summary>
    public static string Mask(string url) => PushAddress.TryParse(url, out var address, out _) ? address.Masked : "****";

    /// <summary>What is wrong with a whole address, or null.</summary>
    public static Failure? Check(string url) => PushManager.Check(url);

    /// <summary>True for addresses that can be tried without sending (rtmp, rtmps).</summary>
    public static bool CanTest(string address) => address.StartsWith("rtmp:", StringComparison.OrdinalIgnoreCase) || address.StartsWith("rtmps:", StringComparison.OrdinalIgnoreCase);

    /// <summary>The whole address: the key is the last part of the path; with SRT it is the query ("streamid=…").</summary>
    /// <param name="address">Server and application.</param>
    /// <param name="key">The key; empty: the address alone.</param>
    public static string Join(string address, string key) => key.Length == 0 ? address : IsSrt(address) ? $"{address}?{key.TrimStart('?')}" : $"{address.TrimEnd('/')}/{key}";

    /// <summary>
    /// Takes the key out of a whole address as services show it: of RTMP what stands behind the application, of SRT the query. The key is
    /// empty where there is none.
    /// </summary>
    public static (string Address, string Key) Split(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)) return (url, "");
        var query = url.IndexOf('?', StringComparison.Ordinal);
        if (IsSrt(url)) return query < 0 ? (url, "") : (url[..query], url[(query + 1)..]);
        var path = (query < 0 ? url : url[..query]).TrimEnd('/');
        if (!CanTest(url) || uri.AbsolutePath.Trim('/').Split('/').Length < 2) return (url, "");
        var end = path.LastIndexOf('/');
        return (path[..end], path[(end + 1)..] + (query < 0 ? "" : url[query..]));
    }

    private static bool IsSrt(string address) => address.StartsWith("srt:", StringComparison.OrdinalIgnoreCase);
}
