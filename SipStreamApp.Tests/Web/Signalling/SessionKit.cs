using System.Text;
using System.Text.Json.Nodes;
using SipStreamApp.Hooks;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Session;
using SipStreamApp.Signalling.Wire;
using Xunit;

namespace SipStreamApp.Tests.Web.Signalling;

/// <summary>A session without a socket: messages go in as the text a client sends, what comes out is kept in order.</summary>
internal sealed class SessionKit
{
    private static readonly DateTimeOffset Started = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
    private readonly bool _answersHooks;

    /// <summary>With <paramref name="answersHooks"/> false a test answers the hooks itself.</summary>
    public SessionKit(bool answersHooks = true, MediaIds? ids = null, TimeSpan keepFor = default)
    {
        _answersHooks = answersHooks;
        Session = new ClientSession(new SessionSetup("s1", "token-1", "node@10.0.0.2", "10.0.0.5:51309", Instant.Zero, Started, ids ?? new MediaIds()) { KeepFor = keepFor });
    }

    public ClientSession Session { get; }

    public Instant Now { get; private set; }

    /// <summary>Frames for the client that no test took yet.</summary>
    public Queue<string> Frames { get; } = [];

    /// <summary>Commands that no test took yet; hooks that are only told are in <see cref="Told"/>.</summary>
    public Queue<SessionOutput> Commands { get; } = [];

    /// <summary>Event hooks as <c>name payload</c>.</summary>
    public List<TellHook> Told { get; } = [];

    /// <summary>A session that is up; its first frames are taken.</summary>
    public static SessionKit Established(string connection = """{"appKey":"defaultApp"}""", bool answersHooks = true)
    {
        var kit = new SessionKit(answersHooks);
        kit.Receive("connection", connection);
        if (!answersHooks && kit.Command<AskHook>() is var asked) kit.Do(s => s.HookAnswered(asked.Ticket, new HookReply(true, asked.Payload), kit.Now));
        Assert.Contains("getUserData", kit.Frame(), StringComparison.Ordinal);
        kit.Told.Clear();
        return kit;
    }

    public void Receive(string name, string body)
    {
        var message = MessageReader.Read(Encoding.UTF8.GetBytes($$"""{"message":"{{name}}","data":[{{body}}]}"""), out var problem);
        Assert.True(message is not null, problem);
        Do(s => s.Receive(message, Now));
    }

    public void Do(Action<ClientSession> input)
    {
        input(Session);
        while (Session.TryTake(out var output))
        {
            if (output is SendFrame frame) Frames.Enqueue(Encoding.UTF8.GetString(frame.Frame));
            else if (output is TellHook told) Told.Add(told);
            else if (output is AskHook ask && _answersHooks) Session.HookAnswered(ask.Ticket, new HookReply(true, ask.Payload), Now);
            else Commands.Enqueue(output);
        }
    }

    /// <summary>Lets time pass in steps of half a second.</summary>
    public void Pass(TimeSpan span)
    {
        for (var end = Now + span; Now < end;)
        {
            Now += TimeSpan.FromMilliseconds(500);
            Do(s => s.Tick(Now));
        }
    }

    public string Frame() => Frames.Count > 0 ? Frames.Dequeue() : "";

    public T Command<T>()
        where T : SessionOutput => Assert.IsType<T>(Commands.Dequeue());

    public void AssertQuiet()
    {
        Assert.Empty(Frames);
        Assert.Empty(Commands);
    }

    /// <summary>Asks for a stream and brings it to PLAYING; its frames are taken.</summary>
    public void Play(string id, string name, string browser)
    {
        Receive("playStream", PlayBody(id, name));
        var watch = Command<WatchStream>();
        Do(s => s.BrowserAnswered(watch.Ticket, browser, "v=0", Now));
        Do(s => s.BrowserConnected(browser, new StreamMedia("opus", "H264", 640, 480), Now));
        Frames.Clear();
    }

    /// <summary>What the SDK 2.0.276 sends.</summary>
    public static string PlayBody(string id, string name, string provider = "WebRTC") => $$"""
        {"mediaSessionId":"{{id}}","name":"{{name}}","published":false,"hasVideo":true,"hasAudio":true,"status":"PENDING","record":false,
         "width":0,"height":0,"mediaProvider":"{{provider}}","sdp":"v=0 offer","bitrate":0,"minBitrate":0,"maxBitrate":0,"quality":0}
        """;

    public static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;
}
