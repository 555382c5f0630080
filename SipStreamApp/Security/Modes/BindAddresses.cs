using System.Net;

namespace SipStreamApp.Security.Modes;

/// <summary>Which HTTP addresses the settings name, and whether others than this machine can reach them. Pure.</summary>
internal static class BindAddresses
{
    /// <summary>Every address of Urls, Kestrel:Endpoints and, where Urls is empty, of the ports alone (http_ports, https_ports: all addresses).</summary>
    public static IReadOnlyList<string> Of(IConfiguration configuration)
    {
        List<string> urls = [.. Split(configuration["Urls"])];
        if (urls.Count == 0)
        {
            urls.AddRange(Split(configuration["http_ports"]).Select(p => $"http://*:{p}"));
            urls.AddRange(Split(configuration["https_ports"]).Select(p => $"https://*:{p}"));
        }

        urls.AddRange(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>());
        return urls;
    }

    /// <summary>False only where nobody else can reach the address: loopback and unix sockets. A host name is bound as all addresses by Kestrel.</summary>
    public static bool IsBeyondLoopback(string url)
    {
        var rest = url.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? url[(at + 3)..] : url;
        if (rest.StartsWith("unix:", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("pipe:", StringComparison.OrdinalIgnoreCase)) return false;
        var host = rest.Split('/')[0];
        var end = host.StartsWith('[') ? host.IndexOf(']') + 1 : host.LastIndexOf(':');
        if (end > 0) host = host[..end];
        return !host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            && !(IPAddress.TryParse(host.Trim('[', ']'), out var address) && LoopbackNames.Contains(address));
    }

    private static string[] Split(string? text) => (text ?? "").Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
