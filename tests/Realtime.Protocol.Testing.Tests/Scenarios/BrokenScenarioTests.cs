using Realtime.Protocol.Testing.Scenarios;

namespace Realtime.Protocol.Testing.Tests.Scenarios;

/// <summary>What is wrong with a scenario file is one line that begins with its place.</summary>
public class BrokenScenarioTests
{
    /// <summary>A file, what is told of it, and whether its schema tells it too.</summary>
    public static TheoryData<string, string, bool> Files => new()
    {
        { "", "s:1:1: This file is empty; a scenario is a JSON object.", false },
        { "[]", "s:1:1: The file takes a scenario, not a list.", true },
        { "{ \"turns\": [", "s:1:13: The text ends before its JSON does.", false },
        { "{\n  \"seed\": 7,\n}", "s:3:1: This is no JSON: The JSON object contains a trailing comma at the end which is not supported in this mode. Change the reader options.", false },
        { "{ \"seed\": 7, \"seed\": 8 }", "s:1:14: The member \"seed\" stands here a second time.", false },
        { "{ \"name\": \"\\ud800\" }", "s:1:11: This string is no text: it has bytes that are no UTF-8, or half of a surrogate pair.", false },
        { "{ \"trns\": [] }", "s:1:3: There is no member \"trns\" in a scenario. Did you mean \"turns\"?", true },
        { "{ \"colour\": 1 }", "s:1:3: There is no member \"colour\" in a scenario. It may have $schema, name, about, seed, session, pace, service, faults, hears, mcp, turns, otherwise.", true },
        { "{ \"name\": \"My shop\" }", "s:1:11: \"name\" takes a name of small letters, digits and dashes, at most 40, not \"My shop\".", true },
        { "{ \"seed\": -1 }", "s:1:11: \"seed\" takes a whole number from 0 on, not -1.", true },
        { "{ \"pace\": { \"auto\": \"soon\" } }", "s:1:21: \"auto\" takes a span such as 250, \"250ms\", \"2s\", \"1.5m\" or \"0-500ms\", not \"soon\".", true },
        { "{ \"pace\": { \"auto\": \"500-0ms\" } }", "s:1:21: \"auto\" takes a span such as 250, \"250ms\", \"2s\", \"1.5m\" or \"0-500ms\", not \"500-0ms\".", false },
        { "{ \"pace\": { \"chunk\": 0 } }", "s:1:22: \"chunk\" takes a span such as 250, \"250ms\", \"2s\", \"1.5m\" or \"0-500ms\", from a millisecond to a minute, not 0.", true },
        { "{ \"pace\": { \"speed\": 0 } }", "s:1:22: \"speed\" takes a number above 0, or \"unlimited\", not 0.", true },
        { "{\n  \"turns\": [\n    { \"do\": [ { \"sya\": \"Hello.\" } ] }\n  ]\n}", "s:3:17: There is no member \"sya\" in a step. Did you mean \"say\"?", true },
        { "{ \"turns\": [ { \"do\": [ { \"audio\": \"tone\" } ] } ] }", "s:1:24: A step does one thing: it has one of say, write, parts, call, mcp, wait, fail, incomplete, send, close.", true },
        { "{ \"turns\": [ { \"do\": [ { \"say\": \"a\", \"call\": \"b\" } ] } ] }", "s:1:38: A step does one thing: it has \"say\" already. Make \"call\" a step of its own.", true },
        { "{ \"turns\": [ { \"do\": [ { \"write\": \"a\", \"audio\": \"tone\" } ] } ] }", "s:1:40: \"audio\" belongs to \"say\", not to \"write\".", true },
        { "{ \"turns\": [ { \"do\": [ { \"fail\": { \"code\": \"x\" } }, { \"say\": \"a\" } ] } ] }", "s:1:53: Nothing can follow: the step before ends the response.", false },
        { "{ \"turns\": [ { \"do\": [ { \"fail\": {} } ] } ] }", "s:1:34: A failure has a \"code\".", true },
        { "{ \"turns\": [ { \"do\": [ { \"incomplete\": \"content_filtr\" } ] } ] }", "s:1:40: \"incomplete\" takes \"max_output_tokens\" or \"content_filter\", not \"content_filtr\". Did you mean \"content_filter\"?", true },
        { "{ \"turns\": [ { \"do\": [ { \"close\": 1005 } ] } ] }", "s:1:35: \"close\" takes a WebSocket status: 1000 to 1003, 1006 to 1014, or 3000 to 4999, not 1005.", true },
        { "{ \"turns\": [ { \"do\": [ { \"send\": { \"typ\": \"x\" } } ] } ] }", "s:1:34: An event has a \"type\", which is a text.", true },
        { "{ \"turns\": [ { \"do\": [ { \"wait\": 5, \"after\": { \"after\": \"response.don\" } } ] } ] }", "s:1:57: The server has no event \"response.don\". Did you mean \"response.done\"?", true },
        { "{ \"turns\": [ { \"when\": {}, \"do\": [] } ] }", "s:1:24: A cue says at least one thing; leave \"when\" out for a turn that answers once, whatever is asked.", true },
        { "{ \"turns\": [ { \"when\": { \"user\": { \"regex\": \"(\" } }, \"do\": [] } ] }", "s:1:45: This is no regular expression: Invalid pattern '(' at offset 1. Not enough )'s.", false },
        { "{ \"turns\": [ { \"when\": { \"turn\": 0 }, \"do\": [] } ] }", "s:1:34: \"turn\" takes a whole number from 1 on, not 0.", true },
        { "{ \"turns\": [ {} ] }", "s:1:14: A turn has a list of steps in \"do\", or an error in \"refuse\".", true },
        { "{ \"turns\": [ { \"pace\": { \"auto\": 1 }, \"do\": [] } ] }", "s:1:26: \"auto\" comes before it is known which turn answers; it belongs to the scenario's \"pace\".", true },
        { "{ \"mcp\": { \"docs\": { \"tools\": [ { \"name\": \"search\" } ] } }, \"turns\": [ { \"do\": [ { \"mcp\": \"docs.serch\" } ] } ] }", "s:1:91: No server in \"mcp\" has the tool \"docs.serch\". Did you mean \"docs.search\"?", false },
        { "{ \"hears\": [ { \"text\": \"one two\", \"pieces\": [ \"one\", \"two\" ] } ] }", "s:1:45: The pieces together are not the text.", false },
        { "{ \"hears\": [ { \"text\": \"ab\", \"pieces\": 3 } ] }", "s:1:40: A text of 2 characters has no 3 pieces.", false },
        { "{ \"hears\": [ { \"never\": true, \"fail\": { \"code\": \"x\" } } ] }", "s:1:31: A transcription that never comes cannot fail; it is one or the other.", true },
        { "{ \"turns\": [ { \"do\": [ { \"say\": \"a\", \"audio\": { \"tone\": 440, \"wav\": \"a.wav\" } } ] } ] }", "s:1:62: A sound is one thing: it has \"tone\" already.", true },
        { "{ \"turns\": [ { \"do\": [ { \"say\": \"a\", \"audio\": { \"wav\": \"/nowhere/a.wav\" } } ] } ] }", "s:1:56: /nowhere/a.wav cannot be read. There is no such file.", false },
        { "{ \"session\": { \"type\": \"transcription\" }, \"turns\": [] }", "s:1:43: A session of this type has no responses, so that \"turns\" would do nothing; take it out.", true },
        { "{ \"session\": { \"keepAudio\": \"some\" } }", "s:1:29: \"keepAudio\" takes \"all\" or a number of bytes such as 20, \"64KiB\" or \"16MiB\", not \"some\".", true },
        { "{ \"session\": { \"keepAudio\": -1 } }", "s:1:29: \"keepAudio\" takes \"all\" or a number of bytes such as 20, \"64KiB\" or \"16MiB\", not -1.", true },
        { "{ \"session\": { \"keepAudio\": \"1GB\" } }", "s:1:29: \"keepAudio\" takes \"all\" or a number of bytes such as 20, \"64KiB\" or \"16MiB\", not \"1GB\".", true },
        { "{ \"session\": { \"vad\": \"scriptd\" } }", "s:1:23: \"vad\" takes \"server\" or \"semantic\" or \"none\" or \"scripted\", not \"scriptd\". Did you mean \"scripted\"?", true },
        { "{ \"session\": { \"vad\": \"scripted\" }, \"hears\": [ \"one\" ] }", "s:1:48: Where \"vad\" is \"scripted\", each turn says in \"spoken\" when it is spoken.", false },
        { "{ \"hears\": [ { \"text\": \"one\", \"spoken\": { \"from\": 0, \"to\": 5 } } ] }", "s:1:41: \"spoken\" does nothing unless the \"vad\" of the session is \"scripted\".", false },
        { "{ \"hears\": [ { \"spoken\": { \"from\": \"1s\", \"to\": \"1s\" } } ] }", "s:1:26: A stretch of sound has a \"from\" and, behind it, a \"to\".", false },
        { "{ \"hears\": [ { \"spoken\": { \"to\": \"1s\" } } ] }", "s:1:26: A stretch of sound has a \"from\" and, behind it, a \"to\".", true },
        { "{ \"hears\": [ { \"spoken\": { \"from\": \"1-2s\", \"to\": \"3s\" } } ] }", "s:1:36: \"from\" takes a place such as 250, \"250ms\", \"2s\" or \"1.5m\", which is no range, not \"1-2s\".", true },
        { "{ \"session\": { \"vad\": \"scripted\" }, \"hears\": [ { \"spoken\": { \"from\": 0, \"to\": 5 } }, { \"spoken\": { \"from\": 4, \"to\": 6 } } ] }", "s:1:98: This turn begins before the one before it ends, at 5 ms.", false },
        { "{ \"hears\": [ { \"text\": \"one two\", \"segments\": [ { \"speaker\": \"A\", \"text\": \"one\" } ] } ] }", "s:1:47: The segments together are not the text.", false },
        { "{ \"hears\": [ { \"segments\": [ { \"speaker\": \"A\" } ] } ] }", "s:1:30: A segment has a \"speaker\" and a \"text\".", true },
        { "{ \"hears\": [ { \"segments\": [ ] } ] }", "s:1:28: A list of segments has at least one; leave \"segments\" out for none.", false },
        { "{ \"session\": { \"type\": \"translation\", \"vad\": \"server\" } }", "s:1:39: A translation has no turns, so that \"vad\" would do nothing; take it out.", true },
        { "{ \"service\": { \"usag\": \"null\" } }", "s:1:16: There is no member \"usag\" in the switches of the service. Did you mean \"usage\"?", true },
        { "{ \"service\": { \"usage\": \"nul\" } }", "s:1:25: \"usage\" takes \"counted\" or \"zeros\" or \"null\", not \"nul\". Did you mean \"null\"?", true },
        { "{ \"service\": { \"lateDeltas\": -1 } }", "s:1:30: \"lateDeltas\" takes a whole number from 0 to 1000, not -1.", true },
        { "{ \"service\": { \"autoResponse\": { \"winer\": \"client\" } } }", "s:1:34: There is no member \"winer\" in what becomes of two responses that meet. Did you mean \"winner\"?", true },
        { "{ \"faults\": [ { \"at\": \"error\" } ] }", "s:1:15: A fault has its name in \"fault\".", true },
        { "{ \"faults\": [ { \"fault\": \"dorp\", \"at\": \"error\" } ] }", "s:1:26: \"fault\" takes \"drop\" or \"repeat\" or \"late\" or \"swap\" or \"stall\" or \"inject\" or \"alter\" or \"remove\" or \"ghostDone\" or \"cut\" or \"pad\" or \"binary\" or \"badUtf8\" or \"masked\" or \"reservedBit\" or \"close\" or \"fin\" or \"reset\" or \"deaf\" or \"noise\" or \"fragment\" or \"trickle\" or \"pings\" or \"noPong\" or \"ping\" or \"http\" or \"slowAccept\" or \"noSubprotocol\", not \"dorp\". Did you mean \"drop\"?", true },
        { "{ \"faults\": [ { \"fault\": \"drop\" } ] }", "s:1:15: \"drop\" happens at an event, which \"at\" names.", true },
        { "{ \"faults\": [ { \"fault\": \"drop\", \"at\": \"response.don\" } ] }", "s:1:40: The server has no event \"response.don\". Did you mean \"response.done\"?", true },
        { "{ \"faults\": [ { \"fault\": \"drop\", \"at\": \"client:response.creat\" } ] }", "s:1:40: The client has no event \"client:response.creat\". Did you mean \"client:response.create\"?", true },
        { "{ \"faults\": [ { \"fault\": \"swap\", \"at\": \"client:response.create\" } ] }", "s:1:40: \"swap\" happens to the server's events; at a client's, only \"drop\" and \"deaf\" do.", true },
        { "{ \"faults\": [ { \"fault\": \"drop\", \"at\": \"error\", \"nth\": 0 } ] }", "s:1:56: \"nth\" takes a whole number from 1 on, or \"every\", not 0.", true },
        { "{ \"faults\": [ { \"fault\": \"drop\", \"at\": \"error\", \"value\": 2 } ] }", "s:1:49: \"value\" does not belong to \"drop\".", true },
        { "{ \"faults\": [ { \"fault\": \"noPong\", \"at\": \"error\" } ] }", "s:1:36: \"noPong\" concerns the whole connection and has no place.", true },
        { "{ \"faults\": [ { \"fault\": \"pings\", \"nth\": 2 } ] }", "s:1:42: \"nth\" counts the events that \"at\" names.", true },
        { "{ \"faults\": [ { \"fault\": \"late\", \"at\": \"error\" } ] }", "s:1:15: \"late\" needs \"for\".", true },
        { "{ \"faults\": [ { \"fault\": \"late\", \"at\": \"error\", \"for\": \"1-2s\" } ] }", "s:1:56: A fault is as long each time; a range is not taken here.", true },
        { "{ \"faults\": [ { \"fault\": \"late\", \"at\": \"error\", \"for\": \"forever\" } ] }", "s:1:56: Only \"stall\" and \"deaf\" last for ever.", true },
        { "{ \"faults\": [ { \"fault\": \"ping\", \"for\": 0 } ] }", "s:1:41: \"for\" of \"ping\" is a millisecond at least.", true },
        { "{ \"faults\": [ { \"fault\": \"repeat\", \"at\": \"error\", \"value\": 1 } ] }", "s:1:60: \"value\" of \"repeat\" takes a whole number from 2 to 1000, not 1.", true },
        { "{ \"faults\": [ { \"fault\": \"pad\", \"at\": \"error\", \"value\": \"1GiB\" } ] }", "s:1:57: \"value\" of \"pad\" takes a number of bytes such as 20, \"64KiB\" or \"16MiB\", not \"1GiB\".", true },
        { "{ \"faults\": [ { \"fault\": \"inject\", \"at\": \"error\", \"value\": 7 } ] }", "s:1:60: \"value\" of \"inject\" takes an object, or a text that is sent to the letter, not 7.", true },
        { "{ \"faults\": [ { \"fault\": \"noise\", \"value\": 0 } ] }", "s:1:44: \"value\" of \"noise\" takes a number above 0, and 1 at most, not 0.", true },
        { "{ \"faults\": [ { \"fault\": \"http\", \"value\": 200 } ] }", "s:1:43: \"value\" of \"http\" takes a whole number from 400 to 599, not 200.", true },
        { "{ \"faults\": [ { \"fault\": \"drop\", \"at\": \"error\", \"chance\": 2 } ] }", "s:1:59: \"chance\" takes a number from 0 to 1, not 2.", true },
        { "{ \"turns\": [ { \"do\": [ { \"say\": \"a\", \"overlap\": true } ] } ] }", "s:1:24: The first step has none before it to run beside; take \"overlap\" out.", false },
        { "{ \"turns\": [ { \"do\": [ { \"say\": \"a\" }, { \"wait\": 5, \"overlap\": true } ] } ] }", "s:1:53: \"overlap\" belongs to \"say\" or \"write\" or \"parts\" or \"call\" or \"mcp\", not to \"wait\".", true },
        { "{ \"turns\": [ { \"do\": [ { \"parts\": [] } ] } ] }", "s:1:35: A message has a part at least.", true },
        { "{ \"turns\": [ { \"do\": [ { \"parts\": [ {} ] } ] } ] }", "s:1:37: A part of a message has \"say\" or \"write\".", true },
        { "{ \"turns\": [ { \"do\": [ { \"parts\": [ { \"write\": \"a\", \"audio\": \"tone\" } ] } ] } ] }", "s:1:53: \"audio\" belongs to \"say\", not to \"write\".", true },
        { "{ \"turns\": [ { \"do\": [ { \"parts\": [ { \"call\": \"a\" } ] } ] } ] }", "s:1:39: There is no member \"call\" in a part of a message. It may have say, audio, write.", true },
        { "{ \"turns\": [ { \"do\": [ { \"fail\": { \"code\": \"x\", \"param\": \"y\" } } ] } ] }", "s:1:58: A response that fails names no parameter; only a refusal and a transcription do.", false },
        { "{ \"turns\": [ { \"do\": [], \"refuse\": { \"code\": \"x\" } } ] }", "s:1:16: A turn that refuses makes nothing, so that \"do\" would do nothing; take it out.", true },
        { "{ \"turns\": [ { \"pace\": {}, \"refuse\": { \"code\": \"x\" } } ] }", "s:1:16: A turn that refuses makes nothing, so that \"pace\" would do nothing; take it out.", true },
        { "{ \"hears\": [ { \"text\": \"a\", \"early\": true, \"after\": 5 } ] }", "s:1:44: What is early comes with the commit; \"after\" says something else.", true },
        { "\uFEFF{ \"about\": \"grün 🌲\", \"seed\": \"x\" }", "s:1:31: \"seed\" takes a whole number from 0 on, not \"x\".", true },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Fault_IsToldAtItsPlace(string json, string line, bool schemaTells)
    {
        _ = schemaTells;
        ScenarioException fault = Assert.Throws<ScenarioException>(() => Scenario.Parse(json, "s"));

        Assert.Equal(line, fault.Message);
        Assert.Equal(line, $"s:{fault.Line}:{fault.Column}: {fault.Sentence}");
    }

    [Fact]
    public void MissingFile_IsOneLine() => Assert.Equal("/nowhere/shop.json: There is no such file.", Assert.Throws<ScenarioException>(() => Scenario.Load("/nowhere/shop.json")).Message);

    [Fact]
    public void AnySinglePieceOfAFileLost_IsRefusedOrRead_AndNothingElse()
    {
        string whole = File.ReadAllText(Examples.PathOf("bakery"));
        for (int i = 0; i < whole.Length; i += Thoroughness.Step)
        {
            try
            {
                Scenario.Parse(whole.Remove(i, 1));
            }
            catch (ScenarioException fault)
            {
                Assert.True(fault.Line >= 1 && fault.Column >= 1);
            }
        }
    }

    [Fact]
    public void WhatWasBuiltWrong_IsToldWhenItIsToBePlayed() =>
        Assert.Equal(
            "This scenario cannot be played: No server in \"mcp\" has the tool \"docs.search\".",
            Assert.Throws<InvalidOperationException>(() => Scenario.Empty.Next.Mcp("docs.search").ToOptions()).Message);
}
