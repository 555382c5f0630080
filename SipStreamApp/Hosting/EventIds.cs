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
    public const int PushKeyUnreadable = 126;
    public const int ViewUpdateFailed = 130;
    public const int AuditNotKept = 160;
    public const int AnonymousRest = 161;
    public const int LoginRequired = 162;
    public const int SignInFailed = 163;
    public const int FirstAdministrator = 164;
    public const int Draining = 165;
    public const int AdministratorMade = 167;
    public const int StoppedInPart = 166;
    public const int AnyNumber = 168;
    public const int ClientEnded = 140;
    public const int ClientTooSlow = 141;
    public const int ClientWorkFailed = 142;
    public const int ClientPhoneRefused = 143;
    public const int ClientIncomplete = 144;
    public const int ClientRefused = 145;
    public const int ClientNotRecorded = 146;
    public const int ClientNotPushed = 147;
    public const int HookFailed = 200;
    public const int HookStillFails = 201;
    public const int HookWorks = 202;
    public const int HookDropped = 203;
    public const int WebhookFailed = 170;
    public const int WebhookWorks = 171;
    public const int WebhookDropped = 172;
    public const int MigrationRead = 180;
    public const int MigrationMapped = 181;
    public const int MigrationNotNeeded = 182;
    public const int MigrationNotTaken = 183;
    public const int MigrationUnknown = 184;
    public const int HistoryExportBroken = 131;
    public const int AccountAnswers = 127;
    public const int AccountUnreachable = 128;
}
