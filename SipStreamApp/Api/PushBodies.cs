using System.Text.Json;
using SipStreamApp.Media.Push;

namespace SipStreamApp.Api;

/// <summary>Body of the <c>/push</c> methods as it arrives.</summary>
internal sealed record PushBody
{
    public LooseValue StreamName { get; init; }
    public LooseValue RtmpUrl { get; init; }
    public LooseValue RtmpTransponderFullUrl { get; init; }
    public LooseValue MediaSessionId { get; init; }
    public LooseValue SoundFile { get; init; }
    public LooseValue Loop { get; init; }
    public JsonElement? Options { get; init; }

    /// <summary>A text of <c>options</c>.</summary>
    public string? Option(string name)
    {
        if (Options is not { ValueKind: JsonValueKind.Object } options) return null;

        // Not TryGetProperty: it throws at a name with half a surrogate pair.
        foreach (var property in options.EnumerateObject())
            if (property.NameIs(name)) return property.Value.ValueKind == JsonValueKind.String ? property.Value.Text() : property.Value.GetRawText();

        return null;
    }
}

/// <summary>Body of <c>/push/startup</c>, for the OpenAPI document.</summary>
internal sealed record PushStartupDoc(
    string StreamName, string RtmpUrl, bool? RtmpTransponderFullUrl, string? RtmpFlashVersion, PushOptionsDoc? Options);

/// <summary><c>options</c> of <c>/push/startup</c>: action is mute or sound_on.</summary>
internal sealed record PushOptionsDoc(string? Action, string? SoundFile, bool? Loop);

/// <summary>Body of <c>/push/find</c>; a missing field matches every push. The name is the one at the server.</summary>
internal sealed record PushFilterDoc(string? StreamName, string? RtmpUrl);

/// <summary>Body of the methods that take one push.</summary>
internal sealed record PushIdDoc(string MediaSessionId);

/// <summary>Body of <c>/push/sound_on</c>.</summary>
internal sealed record PushSoundDoc(string MediaSessionId, string SoundFile, bool? Loop);

/// <summary>A push as the REST interface shows it: every field of the WCS push object, then ours. The address is masked.</summary>
internal sealed record PushObject
{
    public required string MediaSessionId { get; init; }
    public required string StreamName { get; init; }
    public required string RtmpUrl { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required bool Muted { get; init; }
    public required bool SoundEnabled { get; init; }
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>The stream that is sent.</summary>
    public required string SourceStream { get; init; }

    /// <summary>WAITING, CONNECTING, PUBLISHING, RETRYING, STOPPED or FAILED.</summary>
    public required string Status { get; init; }

    /// <summary>What is wrong, for people; null while nothing is.</summary>
    public required string? Info { get; init; }

    /// <summary>The same for programs ("connection-refused").</summary>
    public required string? InfoCode { get; init; }

    public required long BytesSent { get; init; }
    public required int BitrateKbps { get; init; }
    public required int Reconnects { get; init; }
    public required long Dropped { get; init; }

    /// <summary>When it was asked for, milliseconds since 1970.</summary>
    public required long CreateDate { get; init; }

    /// <summary>When the next attempt is made, milliseconds since 1970; null where none is due.</summary>
    public required long? RetryDate { get; init; }

    public static PushObject From(PushSnapshot push) => new()
    {
        MediaSessionId = push.Id,
        StreamName = push.Name,
        RtmpUrl = push.Target,
        Width = push.Width,
        Height = push.Height,
        Muted = push.Muted,
        SoundEnabled = push.SoundFile is not null,
        SourceStream = push.Stream.Value,
        Status = push.State.ToString().ToUpperInvariant(),
        Info = push.Cause?.ToString(),
        InfoCode = push.Cause?.Code,
        BytesSent = push.BytesSent,
        BitrateKbps = push.BitrateKbps,
        Reconnects = push.Reconnects,
        Dropped = push.Dropped,
        CreateDate = push.CreatedAt.ToUnixTimeMilliseconds(),
        RetryDate = push.RetryAt?.ToUnixTimeMilliseconds(),
    };

    /// <summary>The word of a call's <c>rtmpStreamStatus</c>: a stream status of WCS.</summary>
    public static string StatusInCall(PushState state) => state switch
    {
        PushState.Publishing => "PUBLISHING",
        PushState.Stopped => "UNPUBLISHED",
        PushState.Failed => "FAILED",
        _ => "PENDING",
    };
}
