using SipStreamApp.Wcs;
using Xunit;

namespace SipStreamApp.Tests.Web.Wcs;

public class WcsMappingTests
{
    private const string Urls = "http://127.0.0.1:8080;http://127.0.0.1:8081;http://127.0.0.1:9091";

    [Theory]
    [InlineData("sip_record_stream=true", "Recording:RecordCalls=true")]
    [InlineData("sip_record_stream=true\nrecord_streams=false", "Recording:RecordCalls=false")]
    [InlineData("sip_record_stream=true\nrecord_streams=true", "Recording:RecordCalls=true")]
    [InlineData("stream_record_policy=streamName\nstream_record_policy_template=x", "Recording:NameTemplate={streamName}")]
    [InlineData("stream_record_policy=template\nstream_record_policy_template=stream-{mediaSessionId}-{login}", "Recording:NameTemplate=stream-{mediaSessionId}-{login}")]
    [InlineData("stream_record_policy_template={streamName}-{sessionId}", "Recording:NameTemplate={streamName}-{callId}")]
    [InlineData("record_rotation=20M", "Recording:RotationMegabytes=20")]
    [InlineData("record_rotation=90", "Recording:RotationMinutes=2")]
    [InlineData("record_dir=/records", "Recording:Directory=/records")]
    [InlineData("on_record_hook_script=/opt/there.sh", "Recording:AfterRecordProgram=/opt/there.sh")]
    [InlineData("media_port_from=20000\nmedia_port_to=21000", "Media:RtpPorts=20000-21000")]
    [InlineData("media_port_from=31101", "Media:RtpPorts=31101-32000")]
    [InlineData("media_port_to=31900", "Media:RtpPorts=31001-31900")]
    [InlineData("ip=192.0.2.10", "Media:PublicAddress=192.0.2.10")]
    [InlineData("rtp_activity_detecting=true,60", "Media:SilenceTimeoutSeconds=60")]
    [InlineData("codecs=alaw,ulaw,g729,speex16,opus,mpeg4-generic,telephone-event,vp8,h264\ncodecs_exclude_sip=opus", "Media:AudioCodecs=PCMA,PCMU Media:VideoCodecs=VP8,H264")]
    [InlineData("http.port=9081", "Urls=http://127.0.0.1:8080;http://127.0.0.1:9091;http://127.0.0.1:9081")]
    [InlineData("http.port=8081\nws.port=8080", "Urls=" + "http://127.0.0.1:9091;http://127.0.0.1:8080;http://127.0.0.1:8081")]
    [InlineData("http.port=80\nws.port=80", "Urls=http://127.0.0.1:9091;http://127.0.0.1:80")]
    [InlineData("hls.http.port=8082", "Urls=" + Urls + ";http://127.0.0.1:8082")]
    [InlineData("rest_request_timeout=3", "Hooks:TimeoutSeconds=3")]
    [InlineData("disable_rest_requests=true", "Hooks:Enabled=false")]
    [InlineData("disable_rest_requests=false", "Hooks:Enabled=true")]
    [InlineData("rest_hook_send_hash=true\nrest_hook_secret_key=key", "Hooks:Secret=key")]
    [InlineData("rest_access_control_allow_origin=*", "Cors:Origins=*")]
    [InlineData("rtmp_transponder_stream_name_prefix=live_", "Push:NamePrefix=live_")]
    [InlineData("user_agent=Office", "Sip:UserAgent=Office")]
    [InlineData("http.port=1\nhttp.port=9081", "Urls=http://127.0.0.1:8080;http://127.0.0.1:9091;http://127.0.0.1:9081")]
    public void Key_BecomesOurOption(string text, string ours) =>
        Assert.Equal(ours.Split(' '), Map(text).Settings.Select(s => $"{s.Key}={s.Value}").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("sip_single_route_only=true")]
    [InlineData("rtp_session_init_always=true")]
    [InlineData("rtp_in_buffer=true")]
    [InlineData("generate_av_start_delay=1000")]
    [InlineData("compact_media_port_usage=true")]
    [InlineData("keep_alive.server_interval=5000")]
    [InlineData("keep_alive.probes=10")]
    [InlineData("record_flash_published_streams=true")]
    [InlineData("record_rtsp_streams=true")]
    [InlineData("stream_record_policy=template")]
    [InlineData("rest_hook_secret_key=key")]
    [InlineData("hls_auth_enabled=false")]
    [InlineData("disable_rest_auth=true")]
    [InlineData("rtp_bundle=true")]
    [InlineData("mixer_auto_start=true")]
    [InlineData("ip=")]
    [InlineData("ip_local=0.0.0.0")]
    [InlineData("port_from=30000")]
    [InlineData("port_to=35000")]
    [InlineData("codecs_exclude_streaming=flv,telephone-event")]
    [InlineData("balance_header=balance")]
    [InlineData("cost_header=cost")]
    [InlineData("video_enabled=true")]
    [InlineData("domain=")]
    [InlineData("outbound_port=")]
    [InlineData("call_record_listener=com.flashphoner.server.client.DefaultCallRecordListener")]
    [InlineData("dtmf=rfc2833")]
    [InlineData("get_callee_url=/usr/local/FlashphonerWebCallServer/conf/callee.xml")]
    [InlineData("auto_login_url=/usr/local/FlashphonerWebCallServer/conf/account.xml")]
    [InlineData("client_log_level=WARN")]
    [InlineData("enable_extended_logging=false")]
    [InlineData("rtmfp.port=1935")]
    [InlineData("rtmp.port=1935")]
    public void Key_ThatNeedsNothing_IsNamedWithItsReason(string text) => Is(MigrationResult.NotNeeded, text);

    [Theory]
    [InlineData("wss.port=8443")]
    [InlineData("https.port=8444")]
    [InlineData("http.address=0.0.0.0")]
    [InlineData("wss.keystore.file=wss.jks")]
    [InlineData("wss.keystore.password=password")]
    [InlineData("wss.cert.password=password")]
    [InlineData("domain=sip.example.org")]
    [InlineData("outbound_proxy=proxy.example.org")]
    [InlineData("outbound_port=5070")]
    [InlineData("video_enabled=false")]
    [InlineData("dtmf=info")]
    [InlineData("sip_msg_listener=com.example.Listener")]
    [InlineData("http.port=x")]
    [InlineData("sip_record_stream=perhaps")]
    [InlineData("on_record_hook_script=/opt/missing.sh")]
    [InlineData("on_record_hook_script=on_record_hook.sh")]
    [InlineData("stream_record_policy_template={duration}")]
    [InlineData("codecs=g729,speex16,h264")]
    [InlineData("hls_auth_enabled=true")]
    [InlineData("disable_rest_auth=false")]
    [InlineData("ip=example.org")]
    [InlineData("rest_access_control_allow_origin=example.org")]
    public void Key_ThatCannotBeTakenOver_IsNamedWithItsReason(string text) => Is(MigrationResult.NotTaken, text);

    [Fact]
    public void Https_WithACertificate_IsListenedOn() => Assert.Equal(
        Urls + ";https://127.0.0.1:8443;https://127.0.0.1:8444", Map("wss.port=8443\nhttps.port=8444", hasCertificate: true).Settings["Urls"]);

    [Fact]
    public void Secret_IsInNoNote() => Assert.DoesNotContain(Map("rest_hook_send_hash=true\nrest_hook_secret_key=top-secret\nmy_password=top-secret").Notes, n => n.Text.Contains("top-secret", StringComparison.Ordinal));

    [Fact]
    public void EveryKey_HasOneNote_UnknownOnesToo()
    {
        var report = Map("zzz=1\nmedia_port_from=20000\nsip_single_route_only=true\nzzz=2\nyyy=\nxxx=3");

        Assert.Equal(["zzz Unknown", "media_port_from Mapped", "sip_single_route_only NotNeeded", "yyy NotNeeded", "xxx Unknown"], report.Notes.Select(n => $"{n.Key} {n.Result}"));
    }

    private static void Is(MigrationResult result, string text)
    {
        var report = Map(text);
        Assert.Empty(report.Settings);
        Assert.Equal(result, Assert.Single(report.Notes).Result);
        Assert.NotEqual("", report.Notes[0].Text);
    }

    private static MigrationReport Map(string text, bool hasCertificate = false) =>
        WcsMapping.Map("/x/flashphoner.properties", PropertiesText.Read(text), new MigrationPlace(Urls, hasCertificate, f => f == "/opt/there.sh"));
}
