namespace SipStreamApp.Benchmarks.Load;

/// <summary>What the product holds at one moment, as seen from outside.</summary>
internal sealed record Reading
{
    /// <summary>Open file descriptors (/proc/PID/fd).</summary>
    public required int Descriptors { get; init; }

    /// <summary>UDP sockets, those of calls included.</summary>
    public required int UdpSockets { get; init; }

    /// <summary>TCP sockets: listening and connected.</summary>
    public required int TcpSockets { get; init; }

    /// <summary>UDP sockets on ports of Media:RtpPorts.</summary>
    public required int RtpPorts { get; init; }

    public required int Threads { get; init; }

    /// <summary>Child processes (ffmpeg), dead ones that nobody asked after included.</summary>
    public required int Children { get; init; }

    /// <summary>Resident memory, bytes.</summary>
    public required long Resident { get; init; }

    /// <summary>Objects on the managed heap after the last collection, bytes: sizes of all generations less the holes in them.</summary>
    public required long Heap { get; init; }

    /// <summary>Active timers of the runtime: delays, time limits and periodic work.</summary>
    public required int Timers { get; init; }

    /// <summary>Work that waits for a thread of the pool.</summary>
    public required int Queued { get; init; }

    public required int Calls { get; init; }

    public required int Streams { get; init; }

    /// <summary>WebRTC, MSE and HLS together.</summary>
    public required int Viewers { get; init; }

    /// <summary>Running and being finished.</summary>
    public required int Recordings { get; init; }

    /// <summary>No call, nobody who watches, nothing that is still written.</summary>
    public bool IsIdle => this is { Calls: 0, Streams: 0, Viewers: 0, Recordings: 0, RtpPorts: 0, Children: 0, Queued: 0 };

    public const double Megabyte = 1 << 20;
}
