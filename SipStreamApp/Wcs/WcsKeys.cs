namespace SipStreamApp.Wcs;

/// <summary>Settings of Web Call Server that need no counterpart here, and why. Whole names first, then beginnings of names.</summary>
internal static class WcsKeys
{
    private const string Outside = "it belongs to a part of Web Call Server that is outside of this product";

    private static readonly Dictionary<string, string> Whole = new(StringComparer.Ordinal)
    {
        ["sip_single_route_only"] = "every call has one route, its stream, and recording takes part in it like any other output",
        ["rtp_session_init_always"] = "a stream can be played as soon as its call is answered, whether the other side sends yet or not",
        ["generate_av_start_delay"] = "sound and picture share one clock from the first packet on, also in pushes",
        ["compact_media_port_usage"] = "RTP takes an even port and RTCP the odd one behind it; viewers share the one port of WebRtc:Port",
        ["rtp_bundle"] = "viewers always share one port (WebRtc:Port)",
        ["ip_local"] = "all addresses of this machine are used; Sip:Address and WebRtc:Address choose one",
        ["port_from"] = "all calls share one SIP port (Sip:Port)",
        ["port_to"] = "all calls share one SIP port (Sip:Port)",
        ["ws.map_custom_headers"] = "the fields of custom are kept and shown as they came",
        ["wcs_activity_timer_timeout"] = "sessions end by keep-alive",
        ["global_bandwidth_check_enabled"] = "the bit rate follows what each viewer's line reports",
        ["zgc_log_parser_enable"] = "there is no Java machine here",
        ["flush_video_interval"] = "frames are sent as they come",
        ["rtmp_transponder_full_url"] = "say rtmpTransponderFullUrl with the push; an empty Push:NamePrefix leaves names as they are",
        ["media_dir"] = "sound files lie in the folder media of Data:Directory",
        ["balance_header"] = "headers of SIP answers about money are not shown to clients", ["cost_header"] = "headers of SIP answers about money are not shown to clients",
        ["auto_login_url"] = Outside, ["get_callee_url"] = Outside,
        ["client_log_level"] = "what clients log is not kept", ["enable_extended_logging"] = "levels are set in the section Serilog",
        ["on_hls_ts_segment_script"] = Outside,
    };

    // The longest fitting beginning counts.
    private static readonly (string Beginning, string Why)[] Beginnings =
    [
        ("keep_alive", "the server pings every 5 s and gives a client up after 10 pings without an answer, the defaults of Web Call Server"),
        ("rtp_in_buffer", "incoming RTP always passes a jitter buffer; Media:JitterBufferMs is its length"),
        ("record_", "recordings are MP4 with H.264 and AAC, of calls and streams alike; docs/recording.md has the options"),
        ("stream_record_", "recordings are MP4 with H.264 and AAC, of calls and streams alike; docs/recording.md has the options"),
        ("rest_access_control_", "methods and headers that clients of the interface use are allowed to every origin of Cors:Origins"),
        ("rest_max_connections", "connections to a backend are bounded by themselves"),
        ("rtmp_transponder_", "pushes measure and reconnect by themselves; docs/push.md"),
        ("codecs_exclude_", "each output takes the codecs it can carry"),
        ("rtmp_", Outside), ("rtmp.", Outside), ("rtmps.", Outside), ("rtmpt.", Outside), ("rtmfp.", Outside), ("rtmfp_", Outside), ("flash_", Outside), ("rtsp_", Outside), ("mixer_", Outside), ("transcoder_", Outside), ("cdn_", Outside), ("vod_", Outside),
        ("wsp_", Outside), ("mpegts_", Outside), ("srt_", Outside), ("aws_", Outside), ("wcs_agent_", Outside), ("jobs_", Outside), ("wcs_oam", Outside),
        ("hls_", "HLS makes its playlists, parts and segments for every stream that is asked for; docs/hls.md"),
        ("mse_", "MSE needs no settings; docs/mse.md"),
        ("ice_", "ICE is answered on one port (WebRtc:Port) with the addresses of this machine and Media:PublicAddress"),
        ("rtc_", "ICE is answered on one port (WebRtc:Port) with the addresses of this machine and Media:PublicAddress"),
        ("webrtc_", "the browser's line decides: lost packets are repaired and the bit rate follows"),
        ("dtls_", "DTLS uses one certificate of its own, renewed once a year"),
        ("video_encoder_", "pictures are passed on as they came"), ("video_decoder_", "pictures are passed on as they came"), ("h264_", "pictures are passed on as they came"),
        ("audio_", "sound is changed only where an output needs another codec"), ("opus", "sound is changed only where an output needs another codec"),
        ("cli_", "there is no command line for a running server: the pages and the REST interface do its work"),
        ("log", "levels are set in the section Serilog"),
    ];

    /// <summary>Why nothing is needed for this key, or null where it is not known.</summary>
    public static string? WhyNot(string key) =>
        Whole.TryGetValue(key, out var why) ? why : Beginnings.Where(b => key.StartsWith(b.Beginning, StringComparison.Ordinal)).OrderByDescending(b => b.Beginning.Length).Select(b => b.Why).FirstOrDefault();
}
