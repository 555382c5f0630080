using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace SipStreamApp.Api;

/// <summary>Names the type that documents a request body which the endpoint reads by itself.</summary>
internal sealed record BodyDoc(Type? Type, string ContentType = "application/json");

/// <summary>Body of <c>/call/startup</c>, for the OpenAPI document. Booleans and numbers may also come as strings.</summary>
internal sealed record CallStartupDoc(
    [property: Description("Unique id chosen by the caller; generated where missing")] string? CallId,
    [property: Description("User part, number, user@host or sip: URI")] string Callee,
    [property: Description("Name of the stream: letters, digits and ._-, 1-64; the callId where missing")] string? ToStream,
    [property: Description("Offer sound; default true")] bool? HasAudio,
    [property: Description("Offer picture; default true")] bool? HasVideo,
    string SipLogin, string? SipAuthenticationName, string? SipPassword, string? VisibleName, string SipDomain,
    [property: Description("Host, host:port or sip: URI; the domain where missing")] string? SipOutboundProxy,
    [property: Description("1-65535; by DNS, else 5060, where missing")] int? SipPort,
    [property: Description("auto, udp, tcp or tls; default auto")] string? SipTransport,
    [property: Description("REGISTER before the call; default false")] bool? SipRegisterRequired,
    string? AppKey, string? RtmpUrl, string? RtmpStream);

/// <summary>Body of <c>/call/find</c>; a missing field matches every call.</summary>
internal sealed record CallFilterDoc(string? CallId, string? Callee, string? RtmpUrl, string? Status);

/// <summary>Body of <c>/call/terminate</c>.</summary>
internal sealed record CallIdDoc(string CallId);

/// <summary>Body of <c>/call/send_dtmf</c>.</summary>
internal sealed record CallDtmfDoc(
    string CallId,
    [property: Description("1 to 64 of the keys 0-9, *, #, A-D")] string Dtmf,
    [property: Description("RFC2833, INFO or INFO_RELAY; RFC2833 where missing")] string? Type);

/// <summary>Body of <c>/call/inject_sound</c>.</summary>
internal sealed record CallSoundDoc(string CallId, [property: Description("Bare name of a file in the folder media of the data directory")] string FileName);

/// <summary>Body of <c>/call/inject_stream</c>.</summary>
internal sealed record CallStreamDoc(string CallId, [property: Description("A stream of this server; it may be only reserved by its call")] string StreamName);

/// <summary>Body of <c>/call/transfer</c>.</summary>
internal sealed record CallTransferDoc(string CallId, [property: Description("Whom the other side shall call instead: a number, user@host or sip:user@host")] string Target);

/// <summary>Fills what the framework cannot see into the OpenAPI document.</summary>
internal static class ApiDocs
{
    public static TBuilder Documented<TBuilder>(this TBuilder builder, params int[] errors)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in errors)
            builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ApiProblem), ["application/problem+json"]));
        return builder;
    }

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "SipStreamApp";
            document.Info.Description = "A SIP call becomes a live stream. Call methods follow the REST interface of Web Call Server; streams play by WHEP.";
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, cancel) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<BodyDoc>().FirstOrDefault() is not { } body) return;
            var media = new OpenApiMediaType
            {
                Schema = body.Type is { } type
                    ? await context.GetOrCreateSchemaAsync(type, cancellationToken: cancel)
                    : new OpenApiSchema { Type = JsonSchemaType.String, Description = "An SDP offer" },
            };
            if (body.Type is { } documented && media.Schema is OpenApiSchema schema) Require(schema, documented);
            operation.RequestBody = new OpenApiRequestBody { Content = new Dictionary<string, OpenApiMediaType> { [body.ContentType] = media } };
        });
    }

    // The framework takes every member of a record for required; here those are that may not be null.
    private static void Require(OpenApiSchema schema, Type type)
    {
        var nullability = new NullabilityInfoContext();
        foreach (var property in type.GetProperties())
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (nullability.Create(property).ReadState == NullabilityState.Nullable) schema.Required?.Remove(name);
            if (schema.Properties?.TryGetValue(name, out var inner) == true && inner is OpenApiSchema { Properties.Count: > 0 } nested)
                Require(nested, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType);
        }
    }
}
