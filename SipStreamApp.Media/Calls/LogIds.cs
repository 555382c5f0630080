namespace SipStreamApp.Media.Calls;

/// <summary>Event ids of this folder's log messages: 1000-1099.</summary>
internal static class LogIds
{
    public const int CallStarted = 1000;
    public const int CallAnswered = 1001;
    public const int CallEnded = 1002;
    public const int IncomingRefused = 1003;
    public const int CallFault = 1004;
    public const int Registered = 1005;
    public const int RegistrationFailed = 1006;
    public const int DemoCall = 1007;
    public const int StrangersHeldBack = 1090;
    public const int CallIncoming = 1008;
    public const int KeptRegistration = 1009;
    public const int Untrusted = 1010;
    public const int IncomingNotTaken = 1011;
}
