using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace SipStreamApp.Api;

/// <summary>An error body: RFC 9457 problem details, with the members WCS clients know beside them.</summary>
internal sealed record ApiProblem
{
    public string Type { get; init; } = "about:blank";
    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Detail { get; init; }
    public required string Instance { get; init; }

    /// <summary>Stable word for programs ("stream-taken").</summary>
    public required string Code { get; init; }

    /// <summary>What is wrong, by field.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, string[]>? Errors { get; init; }

    /// <summary>When to try again, seconds; the header Retry-After says the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RetryAfter { get; init; }

    public required string Exception { get; init; }
    public required string Reason { get; init; }
    public required string Path { get; init; }
    public required string Error { get; init; }
    public required string Message { get; init; }
    public required long Timestamp { get; init; }

    public static ApiProblem Create(string path, DateTimeOffset now, int status, string code, string title, string detail, Dictionary<string, string[]>? errors)
    {
        var phrase = ReasonPhrases.GetReasonPhrase(status);
        return new()
        {
            Title = title, Status = status, Detail = detail, Instance = path, Code = code, Errors = errors, Exception = code,
            Reason = title, Path = path, Error = phrase, Message = detail.Length > 0 ? detail : title, Timestamp = now.ToUnixTimeMilliseconds(),
        };
    }
}
