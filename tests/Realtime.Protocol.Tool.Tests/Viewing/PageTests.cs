using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Viewing;

/// <summary>The page as text: what a browser may do with it, and that nothing of a log gets out of its place.</summary>
public sealed partial class PageTests
{
    /// <summary>Texts that end a script, begin one, or look like the frame's own places.</summary>
    internal static IReadOnlyList<string> Planted { get; } =
    [
        "</script><script>document.title='taken'</script>", "<img src=x onerror=document.title='taken'>", "<!--<script>", "{{picture}}{{program}}", "javascript:document.title='taken'", "\\u2028</ScRiPt >", "'\"><svg onload=document.title='taken'>",
    ];

    [Fact]
    public async Task Policy_AllowsThePagesOwnProgramAndNothingElse()
    {
        string page = await PageOfAsync(Drawn.Session());

        string policy = Policy().Match(page).Groups[1].Value;
        Assert.Equal($"default-src 'none'; script-src '{Hash(Between(page, "<script>", "</script>"))}'; style-src '{Hash(Between(page, "<style>", "</style>"))}'; base-uri 'none'; form-action 'none'", policy);
    }

    [Fact]
    public async Task Page_AsksTheNetworkForNothing()
    {
        string page = await PageOfAsync(Drawn.Session());

        // The one address is the name of SVG's elements.
        Assert.Equal(["http://www.w3.org/2000/svg"], Address().Matches(page).Select(static match => match.Value).Distinct());
        Assert.DoesNotContain("src=", page.Replace("script-src", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("innerHTML", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TextOfALog_StaysInsideTheData()
    {
        string page = await PageOfAsync(WithPlanted());

        Assert.Equal(2, Script().Count(page));
        Assert.Equal(2, page.Split("</script>").Length - 1);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("\\u003Cimg src=x", page, StringComparison.Ordinal);
    }

    /// <summary>A log with the planted texts wherever a peer has its word.</summary>
    internal static Drawn WithPlanted()
    {
        string text = System.Text.Json.JsonSerializer.Serialize(string.Join(' ', Planted));
        return Drawn.Session($$"""{"id":{{text}},"model":{{text}},"audio":{"input":{"turn_detection":null} } }""")
            .Client(10, $$"""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":{{text}}}]} }""")
            .Server(20, $$"""{"type":"response.created","response":{"id":{{text}}} }""")
            .Server(30, $$"""{"type":"response.output_text.done","response_id":{{text}},"item_id":{{text}},"text":{{text}}}""")
            .Server(40, $$"""{"type":"response.output_item.done","response_id":{{text}},"item":{"type":"function_call","call_id":{{text}},"name":{{text}},"arguments":{{text}}} }""")
            .Client(50, $$"""{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":{{text}},"output":{{text}}} }""")
            .Server(60, $$"""{"type":"error","error":{"code":{{text}},"param":{{text}},"message":{{text}}} }""")
            .Server(70, $$"""{"type":"rate_limits.updated","rate_limits":[{"name":{{text}},"limit":1,"remaining":1}]}""")
            .Server(80, $$"""{"type":"response.done","response":{"id":{{text}},"status":{{text}},"status_details":{"reason":{{text}}} } }""")
            .Line($$"""{"t_ms":90,"dir":"server","close":{"code":1000,"reason":{{text}}} }""");
    }

    private static async Task<string> PageOfAsync(Drawn log)
    {
        ToolRun run = await log.RunAsync("--content", "--out", "-");
        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        return Encoding.UTF8.GetString(run.AudioOut);
    }

    private static string Between(string page, string begin, string end)
    {
        int start = page.LastIndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return page[start..page.IndexOf(end, start, StringComparison.Ordinal)];
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    [GeneratedRegex("Content-Security-Policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();

    [GeneratedRegex("(https?:)?//[a-z0-9.]+\\.[a-z]+[^\"' ]*")]
    private static partial Regex Address();

    [GeneratedRegex("<script", RegexOptions.IgnoreCase)]
    private static partial Regex Script();
}
