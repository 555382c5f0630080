using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Quality;

namespace SipStreamApp.Data;

/// <summary>One SIP message of a call in the history, secrets masked.</summary>
internal sealed class CallMessageRecord
{
    public long CallRecordId { get; set; }
    public int Number { get; set; }

    /// <summary>Since the call was asked for, in microseconds: exported captures order by it.</summary>
    public long AtMicroseconds { get; set; }
    public bool Sent { get; set; }
    public required string Local { get; set; }
    public required string Peer { get; set; }
    public required string Transport { get; set; }

    /// <summary>Set for a retransmission, whose text is then empty.</summary>
    public int? RepeatOf { get; set; }
    public required string Text { get; set; }
}

/// <summary>A minute of quality buckets of one medium of a call, packed by <see cref="QualityBlob"/>.</summary>
internal sealed class QualityRecord
{
    public long CallRecordId { get; set; }
    public QualityMedium Medium { get; set; }

    /// <summary>Minutes since the call was asked for.</summary>
    public int Minute { get; set; }

    /// <summary>Length of a bucket, seconds: 1, later 10.</summary>
    public int Step { get; set; }
    public required byte[] Data { get; set; }
}

/// <summary>A state, a span's begin or end, or a log line of a call in the history.</summary>
internal sealed class CallMarkRecord
{
    public long CallRecordId { get; set; }
    public int Number { get; set; }
    public long AtMilliseconds { get; set; }
    public MarkKind Kind { get; set; }
    public MarkLevel Level { get; set; }
    public required string Word { get; set; }
    public required string Text { get; set; }
    public string? Key { get; set; }
    public bool Ends { get; set; }
}
