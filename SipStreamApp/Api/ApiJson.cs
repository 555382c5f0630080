using System.Text.Json.Serialization;

namespace SipStreamApp.Api;

/// <summary>Source-generated JSON of the REST interface. Unknown fields are ignored; names match without regard to case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(CallStartupBody))]
[JsonSerializable(typeof(CallFilterBody))]
[JsonSerializable(typeof(CallControlBody))]
[JsonSerializable(typeof(CallObject[]))]
[JsonSerializable(typeof(CallStarted))]
[JsonSerializable(typeof(PushBody))]
[JsonSerializable(typeof(PushObject))]
[JsonSerializable(typeof(PushObject[]))]
[JsonSerializable(typeof(RecorderBody))]
[JsonSerializable(typeof(RecorderObject[]))]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(TraceObject))]
[JsonSerializable(typeof(TraceDeltaObject))]
[JsonSerializable(typeof(SnapshotBody))]
[JsonSerializable(typeof(StreamFilterBody))]
[JsonSerializable(typeof(StreamEventBody))]
[JsonSerializable(typeof(StreamObject))]
[JsonSerializable(typeof(StreamObject[]))]
[JsonSerializable(typeof(ConnectionFilterBody))]
[JsonSerializable(typeof(ConnectionObject[]))]
[JsonSerializable(typeof(DataBody))]
[JsonSerializable(typeof(CallObject))]
[JsonSerializable(typeof(RecorderObject))]
[JsonSerializable(typeof(Dictionary<string, Dictionary<string, string>>))]
internal sealed partial class ApiJson : JsonSerializerContext;
