using System.Text;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.WebRtc.Ice;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc.Ice;

public class IceLiteAgentTests
{
    private static readonly IceCredentials Local = new("LOCALUFR", "local-password-0123456789");
    private static readonly PeerAddress Home = PeerAddress.FromIPv4([192, 0, 2, 1], 1000);
    private static readonly PeerAddress Mobile = PeerAddress.FromIPv4([198, 51, 100, 9], 2000);

    private readonly IceLiteAgent _agent = new(Local, "remo", IceOptions.Default, Instant.Zero);
    private readonly byte[] _buffer = new byte[256];

    [Fact]
    public void Receive_GoodCheck_IsAnsweredAndTheAddressSelected()
    {
        var response = Check(Home, 1);
        Assert.True(StunMessage.TryParse(response, out var message));
        Assert.Equal(StunType.BindingSuccess, message.Type);
        Assert.True(message.HasValidIntegrity(Encoding.ASCII.GetBytes(Local.Password)));
        Assert.True(StunAddress.TryRead(message.XorMappedAddress, message.TransactionId, out var mapped));
        Assert.Equal(Home, mapped);
        Assert.Equal([IceEventKind.AddressLearned, IceEventKind.Selected], Events().Select(e => e.Kind));
        Assert.Equal(Home, _agent.Selected);
    }

    [Theory]
    [InlineData("LOCALUFR:remo", "wrong-password-0123456789", 401)]
    [InlineData("LOCALUFR:other", "local-password-0123456789", 401)]
    [InlineData("LOCALUFR:remo", null, 400)]
    public void Receive_Unauthenticated_ChangesNothing(string username, string? password, int code)
    {
        var response = Check(Home, 1, username: username, password: password);
        Assert.True(StunMessage.TryParse(response, out var message));
        Assert.Equal(code, message.ErrorCode);
        Assert.False(message.HasIntegrity);
        Assert.Empty(Events());
        Assert.True(_agent.Selected.IsEmpty);
        Assert.Equal(Instant.Zero, _agent.LastCheckAt);
    }

    [Fact]
    public void Receive_FloodOfForgedChecks_GetsFewSmallErrors()
    {
        var answers = 0;
        for (var i = 0; i < 10_000; i++)
            if (Check(PeerAddress.FromIPv4([10, 0, (byte)(i >> 8), (byte)i], 9), i / 10.0, password: "guess").Length is > 0 and var length)
            {
                answers++;
                Assert.InRange(length, 1, 60);
            }

        Assert.InRange(answers, 1, 10);
        Assert.Empty(Events());
        Assert.Equal(10_000, _agent.Refused);
    }

    [Fact]
    public void Receive_PeerThinksItIsControlled_487()
    {
        Assert.True(StunMessage.TryParse(Check(Home, 1, controlled: true), out var message));
        Assert.Equal(487, message.ErrorCode);
        Assert.True(message.HasIntegrity);
        Assert.Empty(Events());
    }

    [Fact]
    public void Receive_UnknownRequiredAttribute_420()
    {
        Assert.True(StunMessage.TryParse(Check(Home, 1, extra: 0x7FFF), out var message));
        Assert.Equal(420, message.ErrorCode);
        Assert.Empty(Events());
    }

    [Fact]
    public void Receive_NominationFromNewAddress_MovesMediaThere()
    {
        Check(Home, 1);
        Check(Mobile, 2, nominate: false);
        Assert.Equal(Home, _agent.Selected);
        Check(Mobile, 3);
        Assert.Equal(Mobile, _agent.Selected);
    }

    [Fact]
    public void Receive_LowerPriorityNominated_WaitsUntilTheHigherIsSilent()
    {
        Check(Home, 1, priority: 200);
        Check(Mobile, 100, priority: 100);
        Assert.Equal(Home, _agent.Selected);
        Check(Home, 2000, priority: 200, nominate: false);
        Check(Mobile, 3100, priority: 100);
        Assert.Equal(Mobile, _agent.Selected);
    }

    [Fact]
    public void Receive_FirstAddressNotNominated_GivesWayToAnyNomination()
    {
        Check(Home, 1, priority: 200, nominate: false);
        Assert.Equal(Home, _agent.Selected);
        Check(Mobile, 2, priority: 100);
        Assert.Equal(Mobile, _agent.Selected);
    }

    [Fact]
    public void Receive_MoreAddressesThanTheBound_ForgetsTheOldestNeverTheSelected()
    {
        Check(Home, 0);
        Events();
        var forgotten = new List<PeerAddress>();
        for (var i = 1; i <= 20; i++)
        {
            Check(PeerAddress.FromIPv4([10, 0, 0, (byte)i], 9), i, nominate: false);
            forgotten.AddRange(Events().Where(e => e.Kind == IceEventKind.AddressForgotten).Select(e => e.Address));
        }

        Assert.Equal(20 + 1 - IceOptions.Default.MaxAddresses, forgotten.Count);
        Assert.DoesNotContain(Home, forgotten);
        Assert.Equal(Home, _agent.Selected);
    }

    [Fact]
    public void Tick_NoCheckFor30s_ConsentIsLostOnce()
    {
        Check(Home, 1000);
        Events();
        Assert.Equal(Instant.FromMilliseconds(31_000), _agent.NextDeadline);
        _agent.Tick(Instant.FromMilliseconds(30_999));
        Assert.Empty(Events());
        _agent.Tick(Instant.FromMilliseconds(31_000));
        Assert.Equal([IceEventKind.ConsentLost], Events().Select(e => e.Kind));
        _agent.Tick(Instant.FromMilliseconds(99_000));
        Assert.Empty(Events());
        Assert.Equal(Instant.Never, _agent.NextDeadline);
    }

    [Fact]
    public void Receive_RepeatedChecks_AllocateNothing()
    {
        var request = Request("LOCALUFR:remo", Local.Password, 1, true, false, 0);
        long before = 0;
        for (var i = 0; i < 1200; i++)
        {
            if (i == 200) before = GC.GetAllocatedBytesForCurrentThread();
            _agent.Receive(request, Home, Instant.FromMilliseconds(i));
            Assert.True(_agent.TryTakeDatagram(out _, out _));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private byte[] Check(PeerAddress from, double ms, bool nominate = true, uint priority = 100, bool controlled = false, int extra = 0,
        string username = "LOCALUFR:remo", string? password = "local-password-0123456789")
    {
        _agent.Receive(Request(username, password, priority, nominate, controlled, extra), from, Instant.FromMilliseconds(ms));
        return _agent.TryTakeDatagram(out var response, out var to) && to == from ? response.ToArray() : [];
    }

    private byte[] Request(string username, string? password, uint priority, bool nominate, bool controlled, int extra)
    {
        var writer = new StunWriter(_buffer, StunType.BindingRequest, "0123456789ab"u8);
        writer.Attribute(StunAttribute.Username, Encoding.ASCII.GetBytes(username));
        writer.U32(StunAttribute.Priority, priority);
        writer.U64(controlled ? StunAttribute.IceControlled : StunAttribute.IceControlling, 7);
        if (nominate) writer.Attribute(StunAttribute.UseCandidate, []);
        if (extra != 0) writer.Attribute((ushort)extra, [1, 2, 3]);
        return _buffer[..writer.Finish(password is null ? [] : Encoding.ASCII.GetBytes(password))];
    }

    private List<IceEvent> Events()
    {
        var list = new List<IceEvent>();
        while (_agent.TryTakeEvent(out var e)) list.Add(e);
        return list;
    }
}
