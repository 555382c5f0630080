namespace SipStreamApp.Data;

/// <summary>Where a delivery of the webhook stands.</summary>
internal enum WebhookDeliveryState
{
    /// <summary>It waits for its first or next attempt.</summary>
    Pending,

    /// <summary>The target took it.</summary>
    Delivered,

    /// <summary>Given up.</summary>
    Failed,
}

/// <summary>One event for the webhook, from the moment it happened until the log forgets it.</summary>
internal sealed class WebhookDelivery
{
    /// <summary>Order in which the events happened.</summary>
    public long Id { get; set; }

    public required string EventId { get; set; }
    public required string Type { get; set; }
    public required string ObjectKey { get; set; }
    public required string Body { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it is given up.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    public WebhookDeliveryState State { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset NextAttemptAt { get; set; }
    public DateTimeOffset? LastAttemptAt { get; set; }

    /// <summary>HTTP status of the last answer; null where there was none.</summary>
    public int? LastStatus { get; set; }

    /// <summary>What went wrong last, in plain words; null where nothing did.</summary>
    public string? LastProblem { get; set; }
}
