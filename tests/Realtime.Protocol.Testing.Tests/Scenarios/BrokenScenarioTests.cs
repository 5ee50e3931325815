using Realtime.Protocol.Testing.Scenarios;

namespace Realtime.Protocol.Testing.Tests.Scenarios;

/// <summary>What is wrong with a scenario file is one line that begins with its place.</summary>
public class BrokenScenarioTests
{
    public static TheoryData<string, string> Files => new()
    {
        { "", "s:1:1: This file is empty; a scenario is a JSON object." },
        { "[]", "s:1:1: The file takes a scenario, not a list." },
        { "{ \"turns\": [", "s:1:13: The text ends before its JSON does." },
        { "{\n  \"seed\": 7,\n}", "s:3:1: This is no JSON: The JSON object contains a trailing comma at the end which is not supported in this mode. Change the reader options." },
        { "{ \"seed\": 7, \"seed\": 8 }", "s:1:14: The member \"seed\" stands here a second time." },
        { "{ \"name\": \"\\ud800\" }", "s:1:11: This string is no text: it has bytes that are no UTF-8, or half of a surrogate pair." },
        { "{ \"trns\": [] }", "s:1:3: There is no member \"trns\" in a scenario. Did you mean \"turns\"?" },
        { "{ \"colour\": 1 }", "s:1:3: There is no member \"colour\" in a scenario. It may have $schema, name, about, seed, session, pace, hears, mcp, turns, otherwise." },
        { "{ \"name\": \"My shop\" }", "s:1:11: \"name\" takes a name of small letters, digits and dashes, at most 40, not \"My shop\"." },
        { "{ \"seed\": -1 }", "s:1:11: \"seed\" takes a whole number from 0 on, not -1." },
        { "{ \"pace\": { \"auto\": \"soon\" } }", "s:1:21: \"auto\" takes a span such as 250, \"250ms\", \"2s\", \"1.5m\" or \"0-500ms\", not \"soon\"." },
        { "{ \"pace\": { \"auto\": \"500-0ms\" } }", "s:1:21: \"auto\" takes a span such as 250, \"250ms\", \"2s\", \"1.5m\" or \"0-500ms\", not \"500-0ms\"." },
        { "{ \"pace\": { \"chunk\": 0 } }", "s:1:22: \"chunk\" takes a span such as 250, \"250ms\", \"2s\", \"1.5m\" or \"0-500ms\", from a millisecond to a minute, not 0." },
        { "{ \"pace\": { \"speed\": 0 } }", "s:1:22: \"speed\" takes a number above 0, or \"unlimited\", not 0." },
        { "{\n  \"turns\": [\n    { \"do\": [ { \"sya\": \"Hello.\" } ] }\n  ]\n}", "s:3:17: There is no member \"sya\" in a step. Did you mean \"say\"?" },
        { "{ \"turns\": [ { \"do\": [ { \"audio\": \"tone\" } ] } ] }", "s:1:24: A step does one thing: it has one of say, write, call, mcp, wait, fail, incomplete, send, close." },
        { "{ \"turns\": [ { \"do\": [ { \"say\": \"a\", \"call\": \"b\" } ] } ] }", "s:1:38: A step does one thing: it has \"say\" already. Make \"call\" a step of its own." },
        { "{ \"turns\": [ { \"do\": [ { \"write\": \"a\", \"audio\": \"tone\" } ] } ] }", "s:1:40: \"audio\" belongs to \"say\", not to \"write\"." },
        { "{ \"turns\": [ { \"do\": [ { \"fail\": { \"code\": \"x\" } }, { \"say\": \"a\" } ] } ] }", "s:1:53: Nothing can follow: the step before ends the response." },
        { "{ \"turns\": [ { \"do\": [ { \"fail\": {} } ] } ] }", "s:1:34: A failure has a \"code\"." },
        { "{ \"turns\": [ { \"do\": [ { \"incomplete\": \"content_filtr\" } ] } ] }", "s:1:40: \"incomplete\" takes \"max_output_tokens\" or \"content_filter\", not \"content_filtr\". Did you mean \"content_filter\"?" },
        { "{ \"turns\": [ { \"do\": [ { \"close\": 1005 } ] } ] }", "s:1:35: \"close\" takes a WebSocket status: 1000 to 1003, 1006 to 1014, or 3000 to 4999, not 1005." },
        { "{ \"turns\": [ { \"do\": [ { \"send\": { \"typ\": \"x\" } } ] } ] }", "s:1:34: An event has a \"type\", which is a text." },
        { "{ \"turns\": [ { \"do\": [ { \"wait\": 5, \"after\": { \"after\": \"response.don\" } } ] } ] }", "s:1:57: The server has no event \"response.don\". Did you mean \"response.done\"?" },
        { "{ \"turns\": [ { \"when\": {}, \"do\": [] } ] }", "s:1:24: A cue says at least one thing; leave \"when\" out for a turn that answers once, whatever is asked." },
        { "{ \"turns\": [ { \"when\": { \"user\": { \"regex\": \"(\" } }, \"do\": [] } ] }", "s:1:45: This is no regular expression: Invalid pattern '(' at offset 1. Not enough )'s." },
        { "{ \"turns\": [ { \"when\": { \"turn\": 0 }, \"do\": [] } ] }", "s:1:34: \"turn\" takes a whole number from 1 on, not 0." },
        { "{ \"turns\": [ {} ] }", "s:1:14: A turn has a list of steps in \"do\"." },
        { "{ \"turns\": [ { \"pace\": { \"auto\": 1 }, \"do\": [] } ] }", "s:1:26: \"auto\" comes before it is known which turn answers; it belongs to the scenario's \"pace\"." },
        { "{ \"mcp\": { \"docs\": { \"tools\": [ { \"name\": \"search\" } ] } }, \"turns\": [ { \"do\": [ { \"mcp\": \"docs.serch\" } ] } ] }", "s:1:91: No server in \"mcp\" has the tool \"docs.serch\". Did you mean \"docs.search\"?" },
        { "{ \"hears\": [ { \"text\": \"one two\", \"pieces\": [ \"one\", \"two\" ] } ] }", "s:1:45: The pieces together are not the text." },
        { "{ \"hears\": [ { \"text\": \"ab\", \"pieces\": 3 } ] }", "s:1:40: A text of 2 characters has no 3 pieces." },
        { "{ \"hears\": [ { \"never\": true, \"fail\": { \"code\": \"x\" } } ] }", "s:1:31: A transcription that never comes cannot fail; it is one or the other." },
        { "{ \"turns\": [ { \"do\": [ { \"say\": \"a\", \"audio\": { \"tone\": 440, \"wav\": \"a.wav\" } } ] } ] }", "s:1:62: A sound is one thing: it has \"tone\" already." },
        { "{ \"turns\": [ { \"do\": [ { \"say\": \"a\", \"audio\": { \"wav\": \"/nowhere/a.wav\" } } ] } ] }", "s:1:56: /nowhere/a.wav cannot be read. There is no such file." },
        { "{ \"session\": { \"type\": \"transcription\" }, \"turns\": [] }", "s:1:43: A session of this type has no responses, so that \"turns\" would do nothing; take it out." },
        { "{ \"session\": { \"vad\": \"server\" } }", "s:1:16: How turns are detected is the client's to say yet, in session.update; take \"vad\" out." },
        { "{ \"service\": {} }", "s:1:3: Switches of the service cannot be set in a scenario yet; take \"service\" out." },
        { "{ \"faults\": [] }", "s:1:3: Faults cannot be set in a scenario yet; take \"faults\" out, or set SimulatorOptions.Faults in C#." },
        { "{ \"turns\": [ { \"do\": [ { \"say\": \"a\", \"overlap\": true } ] } ] }", "s:1:38: Steps cannot run beside each other yet; take \"overlap\" out." },
        { "\uFEFF{ \"about\": \"grün 🌲\", \"seed\": \"x\" }", "s:1:31: \"seed\" takes a whole number from 0 on, not \"x\"." },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Fault_IsToldAtItsPlace(string json, string line)
    {
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
        for (int i = 0; i < whole.Length; i++)
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
