using System.Text.RegularExpressions;
using Xunit;

namespace SipStreamApp.Tests.Repository;

/// <summary>Holds the one direction of dependency: protocol folders know only Primitives, inputs and outputs meet only in the hub.</summary>
public partial class FolderDirectionTests
{
    private static readonly string[] Protocols = ["Sip", "Sdp", "Rtp", "Srtp", "Codecs", "Net", "Streams"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Primitives"] = [],
        ["Sip"] = ["Primitives"],
        ["Sdp"] = ["Primitives"],
        ["Rtp"] = ["Primitives"],
        ["Srtp"] = ["Primitives"],
        ["Codecs"] = ["Primitives"],
        ["Net"] = ["Primitives"],
        ["Streams"] = ["Primitives"],
        ["Mp4"] = ["Primitives", "Codecs"],
        ["Quality"] = ["Primitives", "Codecs"],
        ["Inbound"] = ["Primitives", "Codecs", "Rtp"],
        ["Calls"] = ["Primitives", "Quality", "Inbound", .. Protocols],
        ["WebRtc"] = ["Primitives", "Inbound", .. Protocols],
        ["Processes"] = ["Primitives"],
        ["Packaging"] = ["Primitives", "Codecs", "Mp4", "Streams"],
        ["Hls"] = ["Primitives", "Mp4", "Packaging", .. Protocols],
        ["Mse"] = ["Primitives", "Mp4", "Packaging", .. Protocols],
        ["SdkMse"] = ["Primitives", "Mp4", .. Protocols],
        ["Stills"] = ["Primitives", "Processes", .. Protocols],
        ["Levels"] = ["Primitives", "Codecs", "Streams"],
        ["Recording"] = ["Primitives", "Mp4", "Processes", "Codecs", "Streams"],
        ["Push"] = ["Primitives", "Mp4", "Processes", .. Protocols],
        ["Transcoding"] = ["Primitives", "Mp4", "Processes", .. Protocols],
    };

    [Fact]
    public void MediaFolders_ImportOnlyWhatLiesBelowThem()
    {
        var wrong = new List<string>();
        foreach (var file in SourceTree.Files("SipStreamApp.Media", ".cs"))
        {
            var folder = Path.GetRelativePath(Path.Combine(SourceTree.Root, "SipStreamApp.Media"), file).Split(Path.DirectorySeparatorChar)[0];
            if (folder == "Hosting") continue;
            Assert.True(Allowed.TryGetValue(folder, out var allowed), $"{folder} is a new folder: say here what it may import.");
            foreach (Match use in MediaNamespace().Matches(File.ReadAllText(file)))
            {
                var target = use.Groups[1].Value;
                if (target != folder && !allowed.Contains(target)) wrong.Add($"{Path.GetFileName(file)} in {folder} uses {target}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Engine_KnowsNoWebFramework()
    {
        var project = File.ReadAllText(Path.Combine(SourceTree.Root, "SipStreamApp.Media", "SipStreamApp.Media.csproj"));
        Assert.DoesNotContain("AspNetCore", project, StringComparison.Ordinal);
        Assert.All(SourceTree.Files("SipStreamApp.Media", ".cs"), f => Assert.DoesNotContain("using Microsoft.AspNetCore", File.ReadAllText(f), StringComparison.Ordinal));
    }

    [Fact]
    public void PureMachines_OpenNoSocketAndReadNoClock()
    {
        // Addresses are plain values and welcome, so System.Net.Sockets as such is not on the list: AddressFamily lives there.
        var wrong = from folder in new[] { "Sip", "Sdp", "Rtp", "Srtp", "Codecs", Path.Combine("WebRtc", "Ice") }
                    from file in SourceTree.Files(Path.Combine("SipStreamApp.Media", folder), ".cs")
                    from line in File.ReadLines(file)
                    where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
                    from Match word in Impure().Matches(line)
                    select $"{Path.GetRelativePath(SourceTree.Root, file)}: {word.Value}";
        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"SipStreamApp\.Media\.(\w+)")]
    private static partial Regex MediaNamespace();

    [GeneratedRegex(@"\b(Socket|UdpClient|TcpClient|TcpListener|NetworkStream|SslStream|Dns|Thread|Task|Stopwatch|ILogger|TimeProvider|PeriodicTimer|new Timer)\b")]
    private static partial Regex Impure();
}
