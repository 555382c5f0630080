namespace SipStreamApp.Media.Push;

/// <summary>Event ids of this folder's log messages: 1400-1499.</summary>
internal static class LogIds
{
    public const int PushStarted = 1400;
    public const int PushPublishing = 1401;
    public const int PushBroke = 1402;
    public const int PushEnded = 1403;
    public const int PushFault = 1404;
    public const int FfmpegWords = 1405;
}
