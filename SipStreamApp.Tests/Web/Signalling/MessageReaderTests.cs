using System.Text;
using SipStreamApp.Signalling.Wire;
using Xunit;

namespace SipStreamApp.Tests.Web.Signalling;

/// <summary>What is read of a frame, and what is refused with which words.</summary>
public class MessageReaderTests
{
    [Theory]
    [InlineData("""{"message":"pong","data":[null]}""")]
    [InlineData("""{"message":"pong","data":[]}""")]
    [InlineData("""{"message":"pong"}""")]
    [InlineData("""{"message":"pong","data":"x","more":{"a":[]}}""")]
    public void Frame_WithoutAnObject_HasAnEmptyBody(string frame)
    {
        var message = MessageReader.Read(Encoding.UTF8.GetBytes(frame), out _);
        Assert.Equal("pong", message!.Name);
        Assert.Empty(message.Body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("""{"message":"x","data":[{]}""")]
    [InlineData("""{"message":"x","message":"y"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"message":{}}""")]
    [InlineData("""{"message":""}""")]
    [InlineData("""{"message":"x","data":[{"a":"\ud800"}]}""")]
    [InlineData("""{"message":"x","data":[{"\ud800":1}]}""")]
    public void Frame_ThatIsNoMessage_IsRefusedInWords(string frame)
    {
        Assert.Null(MessageReader.Read(Encoding.UTF8.GetBytes(frame), out var problem));
        Assert.StartsWith("a frame ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Frame_TooDeep_IsRefused() =>
        Assert.Null(MessageReader.Read(Encoding.UTF8.GetBytes("{\"message\":\"x\",\"data\":" + new string('[', 5000) + new string(']', 5000) + "}"), out _));

    [Fact]
    public void Scalars_MayBeWrittenAsStrings()
    {
        var body = MessageReader.Read("""{"message":"x","data":[{"a":"true","b":true,"c":"5060","d":5060,"e":" y ","f":null,"g":{},"h":1e300}]}"""u8, out _)!.Body;
        Assert.True(body.Flag("a") && body.Flag("b") && !body.Flag("c") && !body.Flag("f") && body.Flag("none", true));
        Assert.Equal((5060, 5060), (body.Number("c"), body.Number("d")));
        Assert.Null(body.Number("h"));
        Assert.Equal("y", body.Filled("e"));
        Assert.Null(body.Text("f") ?? body.Text("g") ?? body.Text("none"));
    }

    [Fact]
    public void Fuzz_NeverThrows()
    {
        var random = new Random(11);
        var good = Encoding.UTF8.GetBytes("""{"message":"playStream","data":[{"mediaSessionId":"m1","name":"\u00e4\ud83d\ude00","custom":{"a":[1,2.5,"x",null,true]},"sdp":"v=0\r\n"}]}""");
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = good.ToArray();
            for (var n = random.Next(1, 6); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var message = MessageReader.Read(bytes.AsSpan(0, random.Next(bytes.Length + 1)), out var problem);
            if (message is null) Assert.NotEqual("", problem);
            else Assert.NotEmpty(ServerMessage.Of("echo", message.Body.DeepClone()));
        }
    }
}
