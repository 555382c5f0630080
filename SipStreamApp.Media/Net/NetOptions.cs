namespace SipStreamApp.Media.Net;

/// <summary>Which system calls a loop is built on.</summary>
internal enum NetBackend
{
    /// <summary>epoll and batched calls on 64-bit Linux, managed sockets elsewhere.</summary>
    Auto,

    /// <summary>Managed sockets and select, on every system.</summary>
    Managed,
}

/// <summary>Limits of one <see cref="NetLoop"/>.</summary>
internal sealed record NetLoopOptions
{
    public static readonly NetLoopOptions Default = new();

    public NetBackend Backend { get; init; }

    /// <summary>Let the kernel cut runs of equal datagrams to one peer (UDP_SEGMENT), where it can.</summary>
    public bool SegmentationOffload { get; init; } = true;

    /// <summary>Pieces of posted work run per wake-up before sockets and timers get their turn.</summary>
    public int WorkPerWakeup { get; init; } = 256;
}

/// <summary>Settings of one UDP port.</summary>
internal sealed record UdpPortOptions
{
    public static readonly UdpPortOptions Default = new();

    /// <summary>Wanted kernel receive buffer in bytes; the kernel may give less.</summary>
    public int ReceiveBufferBytes { get; init; } = 256 * 1024;

    /// <summary>Wanted kernel send buffer in bytes; the kernel may give less.</summary>
    public int SendBufferBytes { get; init; } = 256 * 1024;

    /// <summary>Longest datagram that is received whole. Media fits the default; SIP needs 65535. Longer ones are dropped and counted.</summary>
    public int MaxDatagramBytes { get; init; } = ReceiveSlab.SlotBytes - UdpPort.TailRoom;

    /// <summary>Ask the kernel for ICMP errors (IP_RECVERR) and hand them to the handler.</summary>
    public bool ReportUnreachable { get; init; } = true;

    /// <summary>For the one port that carries all viewers: 4 MiB each way.</summary>
    public static UdpPortOptions Mux { get; } = new() { ReceiveBufferBytes = 4 << 20, SendBufferBytes = 4 << 20 };

    /// <summary>For SIP: a message may be as long as UDP allows.</summary>
    public static UdpPortOptions Sip { get; } = new() { ReceiveBufferBytes = 1 << 20, SendBufferBytes = 1 << 20, MaxDatagramBytes = 65535 };
}
