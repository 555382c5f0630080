using System.Text;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Quality;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls.Trace;

/// <summary>How far a reader of a trace has read.</summary>
/// <param name="Message">Number of the next SIP message.</param>
/// <param name="Mark">Number of the next mark.</param>
/// <param name="Second">Buckets from this second on.</param>
public readonly record struct TraceCursor(int Message, int Mark, int Second);

/// <summary>A part of a trace: all of it, or what is new since a cursor.</summary>
public sealed record TracePart
{
    /// <summary>SIP messages, oldest first.</summary>
    public required IReadOnlyList<SipTraceMessage> Messages { get; init; }

    /// <summary>SIP messages that were left out of the middle so far, because there were too many.</summary>
    public required int MessagesCut { get; init; }

    /// <summary>States, spans and log, oldest first.</summary>
    public required IReadOnlyList<CallMark> Marks { get; init; }

    /// <summary>Marks that were left out of the middle so far.</summary>
    public required int MarksCut { get; init; }

    /// <summary>Buckets of the sound.</summary>
    public required IReadOnlyList<QualityBucket> Audio { get; init; }

    /// <summary>Buckets of the picture.</summary>
    public required IReadOnlyList<QualityBucket> Video { get; init; }

    /// <summary>Buckets of the stream.</summary>
    public required IReadOnlyList<QualityBucket> Stream { get; init; }

    /// <summary>Where to read on.</summary>
    public required TraceCursor Next { get; init; }

    /// <summary>A second of some line is in it.</summary>
    public bool HasBuckets => Audio.Count + Video.Count + Stream.Count > 0;

    /// <summary>Nothing is in it.</summary>
    public bool IsEmpty => !HasBuckets && Messages.Count + Marks.Count == 0;

    /// <summary>The buckets of a medium.</summary>
    public IReadOnlyList<QualityBucket> Of(QualityMedium medium) => medium switch { QualityMedium.Audio => Audio, QualityMedium.Video => Video, _ => Stream };
}

/// <summary>
/// What is kept of one call for its page: SIP messages, states and spans, one-second buckets. Written by the sip and the rtp loop and by outputs,
/// read by any thread. Bounded: 400 messages or 512 kB, 400 marks, the buckets of the last 20 minutes (older ones are in the database).
/// </summary>
internal sealed class CallTrace
{
    /// <summary>Messages and bytes kept of a call.</summary>
    public static readonly LogBounds MessageBounds = new(Head: 340, Tail: 60, HeadWeight: 448 * 1024, TailWeight: 64 * 1024);

    private static readonly LogBounds MarkBounds = new(Head: 320, Tail: 80, HeadWeight: int.MaxValue, TailWeight: int.MaxValue);
    private const int SecondsKept = 1200;

    // Seconds a line may be behind the newest before it counts as ended.
    private const int LineBehind = 3;

    // A retransmission follows its original closely; looking further back would only cost.
    private const int RepeatDepth = 24;
    private const int RepeatWeight = 64;

    private readonly BoundedLog<SipTraceMessage> _messages = new(MessageBounds);
    private readonly BoundedLog<CallMark> _marks = new(MarkBounds);
    private readonly QualityLine[] _lines = [new(SecondsKept), new(SecondsKept), new(SecondsKept)];
    private readonly EngineClock _clock;
    private CallSnapshot? _call;

    public CallTrace(CallId id, CallRequest request, DateTimeOffset createdAt, EngineClock clock)
    {
        (Id, CreatedAt, _clock, Start) = (id, createdAt, clock, clock.Now);
        HasPassword = !string.IsNullOrEmpty(request.Identity.Password);
        Request = request with { Identity = request.Identity with { Password = null }, CallId = id.Value };
    }

    public CallId Id { get; }

    public DateTimeOffset CreatedAt { get; }

    /// <summary>When the call was asked for: zero of all offsets.</summary>
    public Instant Start { get; }

    /// <summary>What was asked for, without the password.</summary>
    public CallRequest Request { get; }

    /// <summary>A password came with the request.</summary>
    public bool HasPassword { get; }

    /// <summary>The verdict; null before the answer and after the end.</summary>
    public CallHealth? Health { get; private set; }

    /// <summary>When the call ended; <see cref="Instant.Never"/> while it lasts.</summary>
    public Instant EndedAt { get; private set; } = Instant.Never;

    /// <summary>The call as last heard of; null before the first change.</summary>
    public CallSnapshot? Call => Volatile.Read(ref _call);

    /// <summary>The call changed its status. Sip loop.</summary>
    public void OnCall(CallSnapshot call)
    {
        var before = Call;
        Volatile.Write(ref _call, call);
        // The mark stands for the whole time that follows: what is waited for at its first moment does not.
        if (before?.Status != call.Status) Mark(MarkKind.State, LevelOf(call), call.Status.ToString(), call.Status == CallStatus.Established ? "Talking" : call.Detail);
        if (!call.IsEnded || EndedAt != Instant.Never) return;
        Health = null;
        EndedAt = _clock.Now;
    }

    /// <summary>A SIP message of the call was sent or received. Sip loop.</summary>
    public void Add(ReadOnlySpan<byte> bytes, bool sent, string local, SipEndpoint peer, Instant now)
    {
        var text = SipSecrets.Mask(Encoding.UTF8.GetString(bytes));
        var to = new System.Net.IPEndPoint(peer.Address, peer.Port).ToString();
        var first = _messages.Last(m => m.Sent == sent && m.Peer == to && m.Text == text, RepeatDepth);
        _messages.Add(
            first is null ? text.Length : RepeatWeight,
            n => new SipTraceMessage(n, now - Start, sent, local, to, peer.TransportText, first?.RepeatOf ?? first?.Number, first?.Text ?? text));
    }

    /// <summary>Sets a mark at this moment. Any thread.</summary>
    public void Mark(MarkKind kind, MarkLevel level, string word, string text, string? key = null, bool ends = false)
    {
        var at = _clock.Now - Start;
        _marks.Add(0, n => new CallMark(n, at, kind, level, word, text, key, ends));
    }

    /// <summary>The newest mark of that kind and key, or null.</summary>
    public CallMark? LastMark(MarkKind kind, string? key = null) => _marks.Last(m => m.Kind == kind && m.Key == key, int.MaxValue);

    /// <summary>The verdict of the last half second. Rtp loop.</summary>
    public void SetHealth(CallHealth? health)
    {
        if (EndedAt != Instant.Never || health == Health) return;
        var news = health?.State != Health?.State;
        Health = health;
        if (health is not null && news) Mark(MarkKind.Verdict, health.IsTrouble ? MarkLevel.Warning : MarkLevel.Info, health.State.ToString(), health.Text);
    }

    public QualityLine Line(QualityMedium medium) => _lines[(int)medium];

    /// <summary>What is new since a cursor; <paramref name="settledOnly"/> leaves out messages and marks that may yet fall out.</summary>
    public TracePart Read(TraceCursor since, bool settledOnly = false)
    {
        var messages = _messages.From(since.Message, out var message, settledOnly);
        var marks = _marks.From(since.Mark, out var mark, settledOnly);
        var end = SettledSecond();
        var (audio, video, stream) = (_lines[0].From(since.Second, end), _lines[1].From(since.Second, end), _lines[2].From(since.Second, end));
        var second = Math.Max(since.Second, end);
        return new TracePart
        {
            Messages = messages, MessagesCut = _messages.Cut, Marks = marks, MarksCut = _marks.Cut, Audio = audio, Video = video, Stream = stream,
            Next = new TraceCursor(message, mark, second),
        };
    }

    // The lines close their seconds one after the other, and one cursor serves all: a second is told when all have it. One that has fallen far
    // behind has ended, and holds nobody up; after the call nothing more comes.
    private int SettledSecond()
    {
        var newest = _lines.Max(l => l.Next);
        return EndedAt != Instant.Never ? newest : _lines.Select(l => l.Next).Where(n => n > 0 && n >= newest - LineBehind).DefaultIfEmpty(0).Min();
    }

    private static MarkLevel LevelOf(CallSnapshot call) => call.End is not { IsFailure: true } ? MarkLevel.Info : MarkLevel.Error;
}
