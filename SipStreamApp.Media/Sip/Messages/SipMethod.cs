// RFC 3261 section 7.1 and extensions: method names. Case matters.
namespace SipStreamApp.Media.Sip;

internal enum SipMethod
{
    Unknown,
    Invite,
    Ack,
    Bye,
    Cancel,
    Options,
    Register,
    Prack,
    Update,
    Info,
    Refer,
    Notify,
    Subscribe,
    Message,
    Publish,
}

internal static class SipMethods
{
    public static SipMethod Identify(ReadOnlySpan<byte> s)
    {
        if (s.SequenceEqual("INVITE"u8)) return SipMethod.Invite;
        if (s.SequenceEqual("ACK"u8)) return SipMethod.Ack;
        if (s.SequenceEqual("BYE"u8)) return SipMethod.Bye;
        if (s.SequenceEqual("CANCEL"u8)) return SipMethod.Cancel;
        if (s.SequenceEqual("OPTIONS"u8)) return SipMethod.Options;
        if (s.SequenceEqual("REGISTER"u8)) return SipMethod.Register;
        if (s.SequenceEqual("PRACK"u8)) return SipMethod.Prack;
        if (s.SequenceEqual("UPDATE"u8)) return SipMethod.Update;
        if (s.SequenceEqual("INFO"u8)) return SipMethod.Info;
        if (s.SequenceEqual("REFER"u8)) return SipMethod.Refer;
        if (s.SequenceEqual("NOTIFY"u8)) return SipMethod.Notify;
        if (s.SequenceEqual("SUBSCRIBE"u8)) return SipMethod.Subscribe;
        if (s.SequenceEqual("MESSAGE"u8)) return SipMethod.Message;
        return s.SequenceEqual("PUBLISH"u8) ? SipMethod.Publish : SipMethod.Unknown;
    }

    public static string Name(SipMethod method) => method switch
    {
        SipMethod.Invite => "INVITE",
        SipMethod.Ack => "ACK",
        SipMethod.Bye => "BYE",
        SipMethod.Cancel => "CANCEL",
        SipMethod.Options => "OPTIONS",
        SipMethod.Register => "REGISTER",
        SipMethod.Prack => "PRACK",
        SipMethod.Update => "UPDATE",
        SipMethod.Info => "INFO",
        SipMethod.Refer => "REFER",
        SipMethod.Notify => "NOTIFY",
        SipMethod.Subscribe => "SUBSCRIBE",
        SipMethod.Message => "MESSAGE",
        SipMethod.Publish => "PUBLISH",
        _ => "UNKNOWN",
    };
}
