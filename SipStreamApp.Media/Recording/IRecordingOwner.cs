namespace SipStreamApp.Media.Recording;

/// <summary>Who starts the next file of a recording and takes over those that are written. Called on a worker.</summary>
internal interface IRecordingOwner
{
    /// <summary>True where parts of different formats can be joined when the recording is finished.</summary>
    bool CanJoin { get; }

    /// <summary>A new entry that goes on where <paramref name="last"/> ends; null where the disk refuses.</summary>
    RecordingEntry? Next(RecordingEntry last);

    /// <summary>Nothing will be written to this entry any more.</summary>
    void OnWritten(RecordingEntry entry, string? reason);
}
