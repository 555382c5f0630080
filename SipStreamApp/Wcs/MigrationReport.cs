namespace SipStreamApp.Wcs;

/// <summary>What became of a setting of Web Call Server.</summary>
internal enum MigrationResult
{
    /// <summary>One of our options has its value.</summary>
    Mapped,

    /// <summary>Nothing has to be set for it here.</summary>
    NotNeeded,

    /// <summary>It asks for something that cannot be taken over as it stands; a person should look.</summary>
    NotTaken,

    /// <summary>Not a key we know.</summary>
    Unknown,
}

/// <summary>One setting and what became of it.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Text">Our option with its value, or why not. Never a secret.</param>
internal sealed record MigrationNote(string Key, MigrationResult Result, string Text);

/// <summary>What a <c>flashphoner.properties</c> came to.</summary>
/// <param name="File">Full path; null where there is none.</param>
/// <param name="Settings">Our keys and their values.</param>
/// <param name="Notes">One for each key of the file.</param>
internal sealed partial record MigrationReport(string? File, IReadOnlyDictionary<string, string?> Settings, IReadOnlyList<MigrationNote> Notes)
{
    public static MigrationReport None { get; } = new(null, new Dictionary<string, string?>(), []);

    /// <summary>Says everything once: a line for each key we know, one for all the others.</summary>
    public void Write(ILogger logger)
    {
        if (File is null) return;
        Log.Read(logger, File, Notes.Count);
        foreach (var note in Notes)
        {
            if (note.Result == MigrationResult.Mapped) Log.Mapped(logger, note.Key, note.Text);
            else if (note.Result == MigrationResult.NotNeeded) Log.NotNeeded(logger, note.Key, note.Text);
            else if (note.Result == MigrationResult.NotTaken) Log.NotTaken(logger, note.Key, note.Text);
        }

        var unknown = Notes.Where(n => n.Result == MigrationResult.Unknown).Select(n => n.Key).ToList();
        if (unknown.Count > 0) Log.Unknown(logger, string.Join(", ", unknown));
    }

    /// <summary>Problems of settings, with the key of the properties file where the value came from it.</summary>
    public IReadOnlyList<string> Explain(IReadOnlyList<string> problems) =>
    [
        .. problems.Select(problem =>
        {
            var ours = Settings.Keys.FirstOrDefault(k => problem.StartsWith(k + " ", StringComparison.Ordinal));
            var note = ours is null ? null : Notes.FirstOrDefault(n => n.Result == MigrationResult.Mapped && n.Text.StartsWith(ours, StringComparison.Ordinal));
            return note is null ? problem : $"{problem} The value comes from {note.Key} in {File}.";
        }),
    ];

    private static partial class Log
    {
        [LoggerMessage(Hosting.EventIds.MigrationRead, LogLevel.Information, "Settings of Web Call Server are taken from {File}: {Count} keys")]
        public static partial void Read(ILogger logger, string file, int count);

        [LoggerMessage(Hosting.EventIds.MigrationMapped, LogLevel.Information, "{Key} is {Ours}")]
        public static partial void Mapped(ILogger logger, string key, string ours);

        [LoggerMessage(Hosting.EventIds.MigrationNotNeeded, LogLevel.Information, "{Key} is not needed: {Why}")]
        public static partial void NotNeeded(ILogger logger, string key, string why);

        [LoggerMessage(Hosting.EventIds.MigrationNotTaken, LogLevel.Warning, "{Key} is not taken over: {Why}")]
        public static partial void NotTaken(ILogger logger, string key, string why);

        [LoggerMessage(Hosting.EventIds.MigrationUnknown, LogLevel.Warning, "Not known, and without effect: {Keys}")]
        public static partial void Unknown(ILogger logger, string keys);
    }
}
