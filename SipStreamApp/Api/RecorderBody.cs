using System.ComponentModel;
using System.Globalization;
using SipStreamApp.Media.Recording;

namespace SipStreamApp.Api;

/// <summary>Body of <c>/recorder/*</c> and <c>/stream/*Recording</c> as it arrives.</summary>
internal sealed record RecorderBody
{
    public LooseValue MediaSessionId { get; init; }
    public LooseValue StreamName { get; init; }
    public LooseValue Name { get; init; }
    public RecorderConfig? Config { get; init; }
}

/// <summary>What one recording wants other than the settings say.</summary>
internal sealed record RecorderConfig
{
    public LooseValue FileTemplate { get; init; }
    public LooseValue Rotation { get; init; }
}

/// <summary>The same, for the OpenAPI document.</summary>
internal sealed record RecorderDoc(
    [property: Description("Call id; streamName may be given instead")] string MediaSessionId, string? StreamName, RecorderConfigDoc? Config);

/// <summary>Part of <see cref="RecorderDoc"/>.</summary>
internal sealed record RecorderConfigDoc(
    [property: Description("Name of the file without its ending, such as {streamName}-{startTime}-{endTime}")] string? FileTemplate,
    [property: Description("A new file starts beyond this size: 20M, 1G")] string? Rotation);

/// <summary>A recording that is not over, as WCS lists it.</summary>
internal sealed record RecorderObject(string FileName, string MediaSessionId, string Id, string StreamName, string State, long Bytes, long DurationMs)
{
    public static RecorderObject From(RecordingSnapshot r) =>
        new(r.FileName, r.MediaSessionId, r.Id, r.StreamName.Value, r.State.ToString().ToUpperInvariant(), r.Bytes, (long)r.Duration.TotalMilliseconds);
}

/// <summary>Reads the configuration of a recording. Pure.</summary>
internal static class RecorderConfigReader
{
    public static (RecordingRequest Request, FieldErrors Errors) Read(RecorderConfig? config)
    {
        var errors = new FieldErrors();
        var template = config is { FileTemplate.IsEmpty: false } ? config.FileTemplate.Text : null;
        if (config is { FileTemplate.IsComposite: true } || (template is not null && RecordingName.Check(template) is not null))
            errors.Add("config.fileTemplate", template is null ? "must be text" : RecordingName.Check(template)!);
        long? rotation = null;
        if (config is { Rotation.IsEmpty: false })
        {
            rotation = Size(config.Rotation.Text);
            if (rotation is null) errors.Add("config.rotation", "must be a size such as 20M");
        }

        return (new RecordingRequest { NameTemplate = template, RotationBytes = rotation }, errors);
    }

    private static long? Size(string? text)
    {
        if (text is null) return null;
        text = text.Trim();
        var shift = text.Length == 0 ? -1 : char.ToUpperInvariant(text[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        if (shift > 0) text = text[..^1];
        return shift >= 0 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1 << 20 ? number << shift : null;
    }
}
