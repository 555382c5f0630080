using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SipStreamApp.Hosting;

/// <summary>The name of this node in hooks and REST objects: <c>token@address</c>. The token is kept in the data folder, so that a restart does not change it.</summary>
internal sealed class NodeIdentity(AppSettings settings)
{
    private const int TokenLength = 32;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly Lazy<string> _id = new(() => $"{Token(settings.DataDirectory)}@{Address(settings.Engine.Media.PublicAddress)}");

    public string Id => _id.Value;

    private static string Token(string folder)
    {
        var file = Path.Combine(folder, "node-id");
        try
        {
            if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: TokenLength } known && known.All(Letters.Contains)) return known;
            var token = RandomNumberGenerator.GetString(Letters, TokenLength);
            Directory.CreateDirectory(folder);
            File.WriteAllText(file, token);
            return token;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A name that lasts until the next start is better than none.
            return RandomNumberGenerator.GetString(Letters, TokenLength);
        }
    }

    private static string Address(string named)
    {
        if (named.Length > 0) return named;
        var own = NetworkInterface.GetAllNetworkInterfaces().Where(i => i.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(u => u.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
        return (own ?? IPAddress.Loopback).ToString();
    }
}
