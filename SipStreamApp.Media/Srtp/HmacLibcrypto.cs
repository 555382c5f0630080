using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SipStreamApp.Media.Srtp;

/// <summary>HMAC-SHA1 over libcrypto's SHA1 functions, starting from states in which the key's blocks are hashed already.</summary>
/// <remarks>
/// .NET has no SHA-1 instructions for x86; libcrypto, which .NET itself needs on Linux, uses them. Calls skip the runtime's transition:
/// a packet's hash takes less than a microsecond. The functions are deprecated in OpenSSL 3, so their absence is expected some day.
/// </remarks>
internal sealed unsafe class HmacLibcrypto : HmacSha1
{
    // SHA_CTX: five state words, two length words, sixteen data words, one count; 96 bytes in OpenSSL 1.1 and 3.
    private const int StateSize = 96;

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, int> Init;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, nuint, int> Update;
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, int> Final;

    private readonly byte[] _inner = new byte[StateSize];
    private readonly byte[] _outer = new byte[StateSize];

    static HmacLibcrypto()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess) return;
        if (!NativeLibrary.TryLoad("libcrypto.so.3", out var library) && !NativeLibrary.TryLoad("libcrypto.so.1.1", out library)) return;
        if (!NativeLibrary.TryGetExport(library, "SHA1_Init", out var init)) return;
        if (!NativeLibrary.TryGetExport(library, "SHA1_Update", out var update)) return;
        if (!NativeLibrary.TryGetExport(library, "SHA1_Final", out var final)) return;
        Init = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, int>)init;
        Update = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, nuint, int>)update;
        Final = (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, int>)final;
        IsSupported = AgreesWithPlatform();
    }

    public HmacLibcrypto(ReadOnlySpan<byte> key)
    {
        Span<byte> block = stackalloc byte[64];
        block.Clear();
        key.CopyTo(block);
        foreach (ref var b in block) b ^= 0x36;
        Start(_inner, block);
        foreach (ref var b in block) b ^= 0x36 ^ 0x5C;
        Start(_outer, block);
        CryptographicOperations.ZeroMemory(block);
    }

    public static bool IsSupported { get; }

    [SkipLocalsInit]
    public override void Compute(ReadOnlySpan<byte> data, uint word, Span<byte> mac)
    {
        if (mac.Length < 20) throw new ArgumentException("A code has 20 bytes", nameof(mac));
        var tail = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word;
        var state = stackalloc byte[StateSize];
        fixed (byte* input = data, output = mac)
        {
            _inner.CopyTo(new Span<byte>(state, StateSize));
            Update(state, input, (nuint)data.Length);
            Update(state, (byte*)&tail, 4);
            Final(output, state);
            _outer.CopyTo(new Span<byte>(state, StateSize));
            Update(state, output, 20);
            Final(output, state);
        }
    }

    public override void Dispose()
    {
        CryptographicOperations.ZeroMemory(_inner);
        CryptographicOperations.ZeroMemory(_outer);
    }

    private static void Start(byte[] state, ReadOnlySpan<byte> block)
    {
        fixed (byte* s = state, b = block)
        {
            Init(s);
            Update(s, b, (nuint)block.Length);
        }
    }

    // A library with another SHA_CTX, or in a mode that forbids SHA-1, must be noticed here and not on the wire.
    private static bool AgreesWithPlatform()
    {
        ReadOnlySpan<byte> key = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20];
        Span<byte> data = stackalloc byte[204];
        for (var i = 0; i < data.Length; i++) data[i] = (byte)(i * 7);
        Span<byte> mac = stackalloc byte[20];
        using var own = new HmacLibcrypto(key);
        own.Compute(data[..200], BinaryPrimitives.ReadUInt32BigEndian(data[200..]), mac);
        return mac.SequenceEqual(HMACSHA1.HashData(key, data));
    }
}
