using SipStreamApp.Media.WebRtc.Dtls;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc.Dtls;

public sealed class DtlsIdentityTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("webrtc-identity-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "new", "webrtc-certificate.pem");

    [Fact]
    public void LoadOrCreate_SecondTime_IsTheSame()
    {
        using var first = DtlsIdentity.LoadOrCreate(Path, Now, out var failure);
        Assert.Null(failure);
        using var second = DtlsIdentity.LoadOrCreate(Path, Now.AddDays(300), out _);
        Assert.Equal(first.Fingerprint, second.Fingerprint);
        Assert.Matches("^([0-9A-F]{2}:){31}[0-9A-F]{2}$", first.Fingerprint);
        var signature = second.Key.SignHash(new byte[32]);
        Assert.True(first.Key.VerifyHash(new byte[32], signature));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void LoadOrCreate_ExpiredOrDamaged_IsMadeAnew()
    {
        using var first = DtlsIdentity.LoadOrCreate(Path, Now, out _);
        using var later = DtlsIdentity.LoadOrCreate(Path, Now.AddDays(362), out _);
        Assert.NotEqual(first.Fingerprint, later.Fingerprint);
        File.WriteAllText(Path, "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----");
        using var third = DtlsIdentity.LoadOrCreate(Path, Now, out var failure);
        Assert.Null(failure);
        Assert.NotEqual(later.Fingerprint, third.Fingerprint);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void LoadOrCreate_CannotBeSaved_WorksAndSaysSo()
    {
        File.WriteAllText(System.IO.Path.Combine(_folder, "file"), "");
        using var identity = DtlsIdentity.LoadOrCreate(System.IO.Path.Combine(_folder, "file", "x.pem"), Now, out var failure);
        Assert.Equal("webrtc-certificate-not-saved", failure?.Code);
        Assert.Equal(32, identity.Sha256.Length);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
