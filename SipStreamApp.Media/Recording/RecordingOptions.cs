using SipStreamApp.Media.Outgoing;

namespace SipStreamApp.Media.Recording;

/// <summary>Settings of recording (section Recording of appsettings.json).</summary>
public sealed record RecordingOptions
{
    /// <summary>Record every call.</summary>
    public bool RecordCalls { get; init; }

    /// <summary>Absolute folder of finished files; empty: "recordings" in the folder of data.</summary>
    public string Directory { get; init; } = "";

    /// <summary>Name of a file without its ending; see <see cref="RecordingName.Variables"/>.</summary>
    public string NameTemplate { get; init; } = "{streamName}-{startTime}";

    /// <summary>A new file starts beyond this size, MB; 0: never.</summary>
    public int RotationMegabytes { get; init; }

    /// <summary>A new file starts after so long, minutes; 0: never.</summary>
    public int RotationMinutes { get; init; }

    /// <summary>Recording stops, and none starts, while less than this is free on the disk, MB.</summary>
    public int MinFreeMegabytes { get; init; } = 500;

    /// <summary>Finished recordings are deleted after so many days; 0: never.</summary>
    public int RetentionDays { get; init; }

    /// <summary>Recordings that are finished at once.</summary>
    public int FinishingJobs { get; init; } = 1;

    /// <summary>Program to run after each recording, with stream name and file as arguments; empty: none.</summary>
    public string AfterRecordProgram { get; init; } = "";

    /// <summary>Address to POST to after each recording; empty: none.</summary>
    public string AfterRecordUrl { get; init; } = "";

    /// <summary>Where <see cref="AfterRecordUrl"/> may lead.</summary>
    internal OutgoingGuard Outgoing { get; init; } = OutgoingGuard.Open;

    /// <summary>How long program and address may take, seconds.</summary>
    public int AfterRecordTimeoutSeconds { get; init; } = 30;
}
