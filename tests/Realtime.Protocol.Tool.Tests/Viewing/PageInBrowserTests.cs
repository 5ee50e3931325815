using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Viewing;

/// <summary>The page as people see it, in a browser.</summary>
public sealed partial class PageInBrowserTests
{
    /// <summary>Two logs at once: a call with everything in it, and one that tries to take over the page.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Page_ShowsTheCallAndRunsNothingOfIt()
    {
        using var folder = new TemporaryFolder();
        string call = folder.File("call.jsonl", Encoding.UTF8.GetBytes(Call().Log));
        string hostile = folder.File("hostile.jsonl", Encoding.UTF8.GetBytes(PageTests.WithPlanted().Log));
        string prices = folder.File("prices.json", """{"textInput":4,"audioInput":32,"textOutput":16,"audioOutput":64}"""u8.ToArray());
        string page = folder.File("page.html");
        ToolRun run = await ToolRun.OfAsync("view", call, hostile, "--out", page, "--prices", prices, "--content");
        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));

        (string document, string[] console) = await Browser.OpenAsync($"{new Uri(page)}#turn-2", folder);

        Assert.Empty(console);
        string shown = document[..document.IndexOf("<script", StringComparison.Ordinal)];
        Assert.Contains("<title>2 logs, 4 turns in 10.0 s</title>", shown, StringComparison.Ordinal);
        Assert.Equal(["turn-1", "turn-2", "turn-3", "2-turn-1"], TurnRow().Matches(shown).Select(static match => match.Groups[1].Value));

        // The address leads to the second turn, and the time line to where that is.
        Assert.Contains("<a href=\"#turn-2\">Turn 2</a>", shown, StringComparison.Ordinal);
        (string Who, double X)[] spans = [.. Span().Matches(shown).Select(static match => (match.Groups[1].Value, double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)))];
        Assert.Equal(["user", "model", "user", "model"], spans.Select(static span => span.Who));
        Assert.Equal(spans.Select(static span => span.X).Order(), spans.Select(static span => span.X));
        Assert.Single(Unheard().Matches(shown));

        string text = Text(shown);
        Assert.All(["interrupted, 1.0 s of 3.0 s heard", "by the user's speech", "stock", "850 ms", "create-while-active", "Wait for its response.done.", "conversation_already_has_active_response", "Do you have the blue ones?"], words => Assert.Contains(words, text, StringComparison.Ordinal));
        Assert.Contains("Cost 0.007680 by your prices", text, StringComparison.Ordinal);
        Assert.All(PageTests.Planted, planted => Assert.Contains(planted, text, StringComparison.Ordinal));
        Assert.Equal(2, Script().Count(document));
        Assert.DoesNotContain("<img", document, StringComparison.Ordinal);
    }

    private static Drawn Call()
    {
        const string usage = """{"total_tokens":120,"input_tokens":100,"output_tokens":20,"input_token_details":{"text_tokens":60,"audio_tokens":40},"output_token_details":{"text_tokens":5,"audio_tokens":15}}""";
        return Drawn.Listening()
            .Server(500, """{"type":"input_audio_buffer.speech_started","item_id":"item_u1"}""").Server(1_500, """{"type":"input_audio_buffer.speech_stopped","item_id":"item_u1"}""")
            .Created(1_600, "resp_1").Delta(2_000, "resp_1", "item_1", 3_000)
            .Server(2_100, """{"type":"conversation.item.input_audio_transcription.completed","item_id":"item_u1","transcript":"Do you have the blue ones?"}""")
            .Server(3_000, """{"type":"input_audio_buffer.speech_started","item_id":"item_u2"}""")
            .Client(3_010, """{"type":"conversation.item.truncate","item_id":"item_1","content_index":0,"audio_end_ms":1000}""")
            .Done(3_020, "resp_1", "cancelled", """{"type":"cancelled","reason":"turn_detected"}""", usage)
            .Server(4_000, """{"type":"input_audio_buffer.speech_stopped","item_id":"item_u2"}""")
            .Created(4_100, "resp_2")
            .Server(4_200, """{"type":"response.output_item.done","response_id":"resp_2","item":{"type":"function_call","id":"item_2","call_id":"call_1","name":"stock","arguments":"{}"}}""")
            .Done(4_210, "resp_2", usage: usage)
            .Client(5_050, """{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"call_1","output":"2"}}""")
            .Client(5_060, """{"type":"response.create","event_id":"e1"}""").Created(5_100, "resp_3")
            .Client(5_900, """{"type":"response.create","event_id":"e2"}""")
            .Server(5_910, """{"type":"error","error":{"type":"invalid_request_error","code":"conversation_already_has_active_response","message":"No.","event_id":"e2"}}""")
            .Delta(6_000, "resp_3", "item_3", 2_000).Done(6_500, "resp_3", usage: usage)
            .Text(9_000, "Thanks.").Client(9_001, """{"type":"response.create"}""").Created(9_100, "resp_4").Done(10_000, "resp_4");
    }

    // As somebody reads it who does not see the tags.
    private static string Text(string html) => System.Net.WebUtility.HtmlDecode(Space().Replace(Tag().Replace(html, " "), " "));

    [GeneratedRegex("<tr id=\"([^\"]*turn-[0-9]+)\"")]
    private static partial Regex TurnRow();

    [GeneratedRegex("<g class=\"item (user|model)\"[^>]*><rect class=\"speech bytes\" x=\"([-0-9.]+)\"")]
    private static partial Regex Span();

    [GeneratedRegex("class=\"unheard\"")]
    private static partial Regex Unheard();

    [GeneratedRegex("<script", RegexOptions.IgnoreCase)]
    private static partial Regex Script();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("\\s+")]
    private static partial Regex Space();
}
