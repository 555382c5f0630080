using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Push;

/// <summary>
/// Where a push goes. Checked so that it can be nothing but an address on ffmpeg's command line, and knows how to show itself without its
/// secrets: whoever has the key of a channel can send to it. The text form is the masked one.
/// </summary>
internal sealed class PushAddress
{
    private const int MaxLength = 2048;
    private const string Mask = "****";
    private static readonly string[] Schemes = ["rtmp", "rtmps", "srt", "rtsp"];

    private readonly string[] _secrets;

    private PushAddress(string url, Uri uri)
    {
        (Url, Scheme, Host) = (url, uri.Scheme, uri.Host);
        var path = uri.AbsolutePath.Trim('/').Split('/');
        var host = uri.IsDefaultPort || uri.Port < 0 ? uri.Host : $"{uri.Host}:{uri.Port}";
        var user = uri.UserInfo.Length > 0 ? Mask + "@" : "";
        Masked = $"{uri.Scheme}://{user}{host}"
            + (path[0].Length > 0 ? "/" + path[0] : "")
            + (path.Length > 1 ? "/" + Mask : "")
            + (uri.Query.Length > 0 ? "?" + Mask : "");

        // Longest first, so that a part of one secret never remains of another. As written and as it reads unescaped.
        IEnumerable<string> hidden = [.. path.Skip(1), string.Join('/', path.Skip(1)), uri.Query.TrimStart('?'), .. uri.Query.TrimStart('?').Split('&', '='), uri.UserInfo, .. uri.UserInfo.Split(':')];
        _secrets = [.. hidden.Concat(hidden.Select(Uri.UnescapeDataString)).Where(s => s.Length > 2).Distinct().OrderByDescending(s => s.Length)];
    }

    /// <summary>The whole address with its secrets: for ffmpeg only.</summary>
    public string Url { get; }

    /// <summary>rtmp, rtmps, srt or rtsp.</summary>
    public string Scheme { get; }

    /// <summary>Name or address of the server, without a port.</summary>
    public string Host { get; }

    /// <summary>RTMP's tcUrl, where it is not what the address says: the server's name, which stands no longer in <see cref="Url"/>; else null.</summary>
    public string? ServerUrl { get; private init; }

    /// <summary>For people: user, password, query and everything behind the application are hidden.</summary>
    public string Masked { get; }

    /// <summary>Reads an address; what is wrong with it goes into <paramref name="failure"/>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PushAddress? address, [NotNullWhen(false)] out Failure? failure)
    {
        address = null;
        failure = Check(text, out var uri);
        if (failure is not null) return false;
        address = new PushAddress(text!, uri!);
        return true;
    }

    /// <summary>The same server and application with a stream name behind it. SRT has no such name: there the address stays as it is.</summary>
    public PushAddress With(string name)
    {
        if (Scheme == "srt") return this;
        var url = Named(Url, name);
        return new PushAddress(url, new Uri(url));
    }

    /// <summary>The same place with this address instead of the name of its server; for people it still has its name.</summary>
    public PushAddress At(IPAddress address)
    {
        var uri = new Uri(Url);
        var start = Url.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = Url.IndexOfAny(['/', '?'], start) is >= 0 and var found ? found : Url.Length;
        var at = Url.LastIndexOf('@', end - 1, end - start);
        var host = at < 0 ? start : at + 1;
        var colon = Url.IndexOf(':', host, end - host);
        var written = address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
        return new PushAddress(string.Concat(Url.AsSpan(0, host), written, Url.AsSpan(colon < 0 ? end : colon)), uri)
        {
            ServerUrl = Scheme is "rtmp" or "rtmps" ? $"{Scheme}://{uri.Host}:{(uri.Port > 0 ? uri.Port : Scheme == "rtmps" ? 443 : 1935)}/{Application(uri.AbsolutePath)}" : null,
        };
    }

    /// <summary>Takes the secrets out of a text that ffmpeg wrote.</summary>
    public string Hide(string text)
    {
        text = text.Replace(Url, Masked, StringComparison.Ordinal);
        foreach (var secret in _secrets) text = text.Replace(secret, Mask, StringComparison.Ordinal);
        return text;
    }

    /// <inheritdoc/>
    public override string ToString() => Masked;

    private static Failure? Check(string? text, out Uri? uri)
    {
        uri = null;
        if (string.IsNullOrEmpty(text)) return Wrong("is missing");
        if (text.Length > MaxLength) return Wrong($"is longer than {MaxLength} characters");
        // The tool that sends it would take what follows a blank for options of its own.
        if (text.Any(c => c is <= ' ' or > '~' or '"' or '\'' or '\\' or '<' or '>')) return Wrong("must not hold blanks, quotes, backslashes or characters outside ASCII");
        if (!Uri.TryCreate(text, UriKind.Absolute, out uri) || !text.Contains("://", StringComparison.Ordinal)) return Wrong("is not an address such as rtmp://host/app");
        if (!Schemes.Contains(uri.Scheme)) return Wrong($"must start with {string.Join(", ", Schemes.Select(s => s + "://"))}");
        if (uri.Host.Length == 0 || uri.Host.StartsWith('-') || Uri.CheckHostName(uri.Host.Trim('[', ']')) == UriHostNameType.Unknown) return Wrong("names no host");
        if (uri.Fragment.Length > 0) return Wrong("must not hold a # part");
        if (uri.Scheme == "srt" && uri.Port <= 0) return Wrong("needs a port");

        // Some addresses are none any more with a name behind them (found by the fuzz target "push-url").
        if (uri.Scheme != "srt" && !(Uri.TryCreate(Named(text, "a"), UriKind.Absolute, out var named) && named.Host == uri.Host)) return Wrong("is not an address such as rtmp://host/app");
        return null;
    }

    // As ffmpeg reads it: "app", or "app/instance" where more follows.
    private static string Application(string path)
    {
        var parts = path.TrimStart('/').Split('/');
        return parts.Length > 2 && !parts[1].Contains(':', StringComparison.Ordinal) ? parts[0] + "/" + parts[1] : parts[0];
    }

    private static string Named(string url, string name)
    {
        var query = url.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? $"{url.TrimEnd('/')}/{name}" : $"{url[..query].TrimEnd('/')}/{name}{url[query..]}";
    }

    private static Failure Wrong(string what) => new("invalid-field", Blame.Caller, $"rtmpUrl {what}") { Field = "rtmpUrl" };
}
