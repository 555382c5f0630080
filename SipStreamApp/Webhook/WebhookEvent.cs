using System.Text.Json.Nodes;

namespace SipStreamApp.Webhook;

/// <summary>One event on its way to the webhook.</summary>
/// <param name="Id">Unique for ever; the same in every attempt.</param>
/// <param name="Type">Such as <c>call.established</c>.</param>
/// <param name="ObjectKey">What it is about (<c>call:c-1</c>); events of one object arrive in order.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Data">The object after it.</param>
internal sealed record WebhookEvent(string Id, string Type, string ObjectKey, DateTimeOffset Time, JsonObject Data)
{
    /// <summary>A fresh event.</summary>
    public static WebhookEvent Create(string type, string objectKey, DateTimeOffset time, JsonObject data) => new($"evt_{Guid.CreateVersion7(time):N}", type, objectKey, time, data);

    /// <summary>The body that is posted.</summary>
    public string ToJson() => new JsonObject { ["id"] = Id, ["type"] = Type, ["time"] = Time.UtcDateTime.ToString("O"), ["data"] = Data.DeepClone() }.ToJsonString();
}
