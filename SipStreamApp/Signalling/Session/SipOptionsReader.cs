using System.Text.Json.Nodes;
using SipStreamApp.Media.Calls;
using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Session;

/// <summary>Reads the SIP identity of a <c>connection</c> object.</summary>
internal static class SipOptionsReader
{
    /// <summary>The identity; null where login or domain are missing.</summary>
    public static SipIdentity? Read(JsonObject connection)
    {
        if (connection.Filled("sipLogin") is not { } login || connection.Filled("sipDomain") is not { } domain) return null;
        return new SipIdentity(login, domain)
        {
            AuthenticationName = connection.Filled("sipAuthenticationName"),
            Password = connection.Text("sipPassword"),
            VisibleName = connection.Filled("sipVisibleName"),
            OutboundProxy = connection.Filled("sipOutboundProxy") ?? connection.Filled("sipProxy"),
            Port = connection.Number("sipPort") is { } port and > 0 and < 65536 ? port : null,
            RegisterRequired = connection.Flag("sipRegisterRequired"),
        };
    }
}
