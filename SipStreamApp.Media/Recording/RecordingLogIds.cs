namespace SipStreamApp.Media.Recording;

/// <summary>Event ids of this folder's log messages: 1200-1299.</summary>
internal static class RecordingLogIds
{
    public const int Started = 1200;
    public const int Refused = 1201;
    public const int Written = 1202;
    public const int Ready = 1203;
    public const int Failed = 1204;
    public const int Recovered = 1205;
    public const int ProgramFailed = 1206;
    public const int AddressFailed = 1207;
    public const int Fault = 1208;
    public const int FfmpegMissing = 1209;
    public const int Left = 1210;
}
