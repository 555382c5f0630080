// RFC 3711 section 4.1.1 over System.Security.Cryptography
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SipStreamApp.Media.Srtp;

/// <summary>Counter mode over a kept ECB transform, which unlike <c>Aes.EncryptEcb</c> allocates nothing per call.</summary>
internal sealed class CtrPortable : CtrCipher
{
    private const int Batch = 2048;

    private readonly Aes _aes = Aes.Create();
    private readonly ICryptoTransform _ecb;
    private readonly byte[] _counters = new byte[Batch];
    private readonly byte[] _stream = new byte[Batch];

    public CtrPortable(ReadOnlySpan<byte> key)
    {
        _aes.Mode = CipherMode.ECB;
        _aes.Padding = PaddingMode.None;
        _aes.SetKey(key);
        _ecb = _aes.CreateEncryptor();
    }

    public override void Xor(ulong high, ulong low, ReadOnlySpan<byte> input, Span<byte> output)
    {
        while (!input.IsEmpty)
        {
            var count = Math.Min(input.Length, Batch);
            var padded = (count + 15) & ~15;
            for (var i = 0; i < padded; i += 16)
            {
                BinaryPrimitives.WriteUInt64BigEndian(_counters.AsSpan(i), high);
                BinaryPrimitives.WriteUInt64BigEndian(_counters.AsSpan(i + 8), low++);
            }

            _ecb.TransformBlock(_counters, 0, padded, _stream, 0);
            for (var i = 0; i < count; i++) output[i] = (byte)(input[i] ^ _stream[i]);
            input = input[count..];
            output = output[count..];
        }
    }

    public override void Dispose()
    {
        _ecb.Dispose();
        _aes.Dispose();
    }
}
