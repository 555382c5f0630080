namespace SipStreamApp.Hosting;

/// <summary>Numbers of the web application's log events.</summary>
internal static class EventIds
{
    public const int EngineStarted = 100;
    public const int ApiCallStarted = 110;
    public const int ApiCallRefused = 111;
    public const int DatabaseUnusable = 120;
    public const int DatabaseBack = 121;
    public const int HistoryDropped = 122;
    public const int CallsInterrupted = 123;
    public const int PasswordUnreadable = 124;
    public const int TraceDropped = 125;
    public const int ViewUpdateFailed = 130;
    public const int HistoryExportBroken = 131;
}
