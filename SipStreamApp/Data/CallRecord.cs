namespace SipStreamApp.Data;

/// <summary>One call in the history.</summary>
internal sealed class CallRecord
{
    public long Id { get; set; }
    public required string CallId { get; set; }
    public required string Caller { get; set; }
    public string? VisibleName { get; set; }
    public required string Callee { get; set; }
    public required string Domain { get; set; }

    /// <summary>The other side called us.</summary>
    public bool Incoming { get; set; }
    public required string StreamName { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset? AnsweredAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public required string Status { get; set; }
    public bool Failed { get; set; }
    public string? CauseCode { get; set; }
    public string? CauseTitle { get; set; }
    public string? CauseAdvice { get; set; }

    /// <summary>The raw reason: status line, Reason header or local error.</summary>
    public string? CauseRaw { get; set; }

    /// <summary>What was asked for, as <see cref="StoredRequest"/> in JSON; null for calls of before it was kept.</summary>
    public string? Request { get; set; }

    /// <summary>SIP messages and marks that were left out of its trace for want of room.</summary>
    public int MessagesCut { get; set; }
    public int MarksCut { get; set; }
    public int? SipStatus { get; set; }
    public string? AudioCodec { get; set; }
    public string? VideoCodec { get; set; }
    public long PacketsReceived { get; set; }
    public long PacketsLost { get; set; }
    public double LossPercent { get; set; }
    public double JitterMs { get; set; }

    /// <summary>The program went down while the call was up; its end is not known.</summary>
    public bool Interrupted { get; set; }

    /// <summary>Whom to call to reach the other side.</summary>
    public string Other => Incoming ? Caller : Callee;

    /// <summary>From the answer to the end; null where either is missing.</summary>
    public TimeSpan? Duration => EndedAt - AnsweredAt;
}
