using System.Text.Json.Nodes;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Session;

// Data between pages and the application's backend.
internal sealed partial class ClientSession
{
    /// <summary>Hands data of the backend to the page.</summary>
    public void SendData(string operationId, JsonNode? payload, Instant now)
    {
        _now = now;
        if (_phase != Phase.Established) return;
        var data = new JsonObject { ["operationId"] = operationId, ["payload"] = payload?.DeepClone() };
        Send(ServerMessage.Of("OnDataEvent", data));
        Tell("OnDataEvent", AddFields(Payload(), data));
    }

    private bool DispatchData(ClientMessage message)
    {
        switch (message.Name)
        {
            case "sendData":
                ReceiveData(message.Body);
                return true;
            case "sessionDebug":
                Send(ServerMessage.Of("notifySessionDebugEvent", new JsonObject { ["status"] = "FAILED" }));
                return true;
            // Logs and figures of the client's own making; there is nothing to do with them.
            case "pushLogs" or "submitBugReport" or "webRTCMetricsClientDescription" or "webRTCMetricsBatch":
                return true;
            default:
                return false;
        }
    }

    private void ReceiveData(JsonObject body)
    {
        if (_phase != Phase.Established || body.Filled("operationId") is not { } operation) return;
        Ask("sendData", AddFields(Payload(), body), reply =>
        {
            var status = reply.Allowed ? "ACCEPTED" : "FAILED";
            Send(ServerMessage.Of("DataStatusEvent", new JsonObject { ["operationId"] = operation, ["status"] = status }));
            var payload = Payload();
            payload["operationId"] = operation;
            payload["status"] = status;
            Tell("DataStatusEvent", payload);
        });
    }
}
