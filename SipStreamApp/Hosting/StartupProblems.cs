using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;

namespace SipStreamApp.Hosting;

/// <summary>Sorts what stopped the start into something a person can mend, or null for a defect.</summary>
internal static partial class StartupProblems
{
    public static IReadOnlyList<string>? Explain(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is StartupProblemException known) return known.Problems;
            if (e is AddressInUseException) return [Bind(exception, "is already taken by another program")];
            if (e is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }) return [Bind(exception, "is already taken by another program")];
            if (e is SocketException { SocketErrorCode: SocketError.AccessDenied }) return [Bind(exception, "may not be used without more rights (ports below 1024 are reserved)")];
            if (e is SocketException { SocketErrorCode: SocketError.AddressNotAvailable }) return [Bind(exception, "is not an address of this machine")];
        }

        // Keys and the certificate of viewers are needed; a database that cannot be written is not (Data/Database.cs).
        return exception is UnauthorizedAccessException or IOException
            ? [$"{exception.Message.TrimEnd('.')}. Check the rights of the folder, or choose another by the key Data:Directory"]
            : null;
    }

    private static string Bind(Exception exception, string what)
    {
        var where = "An HTTP address";
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (Address().Match(e.Message) is not { Success: true } match) continue;
            where = $"HTTP port {match.Groups[2].Value} ({match.Value})";
            break;
        }

        return $"{where} {what}. Choose other addresses by the key Urls, for example --Urls http://127.0.0.1:8090";
    }

    [GeneratedRegex(@"https?://(\[[^\]]+\]|[^\s:/]+):(\d+)")]
    private static partial Regex Address();
}
