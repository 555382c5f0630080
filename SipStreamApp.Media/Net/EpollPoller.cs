using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SipStreamApp.Media.Net;

/// <summary>epoll for the ports (level-triggered) and an eventfd as the doorbell (edge-triggered, so it never needs to be read).</summary>
internal sealed unsafe class EpollPoller : LoopPoller
{
    private const int MaxEvents = 256;

    // struct epoll_event is packed on x86-64 only.
    private static readonly bool Packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int EventBytes = Packed ? 12 : 16;
    private static readonly int DataOffset = Packed ? 4 : 8;

    private readonly byte[] _events = GC.AllocateArray<byte>(MaxEvents * 16, pinned: true);
    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _bell;
    private readonly List<LinuxUdpPort?> _ports = [null]; // index 0 is the doorbell
    private readonly Stack<int> _free = new();

    public EpollPoller(NetLoopOptions options)
    {
        SendBatch = new LinuxSendBatch(options.SegmentationOffload);
        _epoll = Check(LinuxNative.EpollCreate(LinuxNative.EPOLL_CLOEXEC));
        _bell = Check(LinuxNative.EventDescriptor(0, LinuxNative.EFD_CLOEXEC | LinuxNative.EFD_NONBLOCK));
        Control(LinuxNative.EPOLL_CTL_ADD, (int)_bell.DangerousGetHandle(), LinuxNative.EPOLLIN | LinuxNative.EPOLLET, 0);
    }

    public static bool IsSupported =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public override string Name => "epoll";

    public LinuxReceiveBatch ReceiveBatch { get; } = new();

    public LinuxSendBatch SendBatch { get; }

    public ReceiveSlab Slab { get; } = new(ReceiveSlab.SharedSlots, ReceiveSlab.SlotBytes);

    public override void Wait(int milliseconds)
    {
        ClearReady();
        fixed (byte* events = _events)
        {
            var count = LinuxNative.EpollWait((int)_epoll.DangerousGetHandle(), events, MaxEvents, milliseconds);
            if (count < 0 && Marshal.GetLastPInvokeError() is var error and not LinuxNative.EINTR) throw new Win32Exception(error);
            for (var i = 0; i < count; i++)
            {
                var flags = *(uint*)(events + i * EventBytes);
                var index = *(int*)(events + i * EventBytes + DataOffset);
                if (_ports[index] is not { } port) continue;
                port.HasErrors = (flags & LinuxNative.EPOLLERR) != 0;
                AddReady(port);
            }
        }
    }

    public override void Wake()
    {
        var one = 1UL;
        try
        {
            // Fails only when the counter is full, and then the bell rings anyway.
            _ = LinuxNative.Write(_bell, (byte*)&one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop ended while we were on the way to wake it: there is nobody to wake.
            return;
        }
    }

    public override UdpPort CreatePort(NetLoop loop, Socket socket, IDatagramHandler handler, UdpPortOptions options) =>
        new LinuxUdpPort(loop, socket, handler, options, this);

    public override void Add(UdpPort port)
    {
        var linux = (LinuxUdpPort)port;
        if (!_free.TryPop(out var index))
        {
            index = _ports.Count;
            _ports.Add(null);
        }

        _ports[index] = linux;
        linux.PollIndex = index;
        Control(LinuxNative.EPOLL_CTL_ADD, linux.Descriptor, LinuxNative.EPOLLIN, index);
    }

    public override void Remove(UdpPort port)
    {
        var linux = (LinuxUdpPort)port;
        Control(LinuxNative.EPOLL_CTL_DEL, linux.Descriptor, 0, 0);
        _ports[linux.PollIndex] = null;
        _free.Push(linux.PollIndex);
    }

    public override void Dispose()
    {
        _bell.Dispose();
        _epoll.Dispose();
    }

    private void Control(int operation, int descriptor, int flags, int index)
    {
        var data = stackalloc byte[16];
        *(uint*)data = (uint)flags;
        *(ulong*)(data + DataOffset) = (ulong)index;
        if (LinuxNative.EpollControl((int)_epoll.DangerousGetHandle(), operation, descriptor, data) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    private static SafeFileHandle Check(int descriptor) =>
        descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new Win32Exception(Marshal.GetLastPInvokeError());
}
