using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests;

/// <summary>The program as a process of its own, with nothing at its standard input: what only the operating system can show.</summary>
public sealed class StandardInputTests : IDisposable
{
    private const int HangsAfterMs = 60_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("decode")]
    [InlineData("decode -")]
    [InlineData("talk --fast --in - --out OUT")]
    public async Task ClosedFromTheStart_IsOneLine(string arguments)
    {
        string command = arguments.Replace("OUT", _folder.File("out.wav"), StringComparison.Ordinal);

        Assert.Equal((2, "Standard input is closed. Pipe something in, or name a file.\n"), await ToolProcess.RunAsync($"{command} <&-"));
        Assert.False(File.Exists(_folder.File("out.wav")));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("</dev/null")]
    [InlineData("<EVENTS")]
    [InlineData("< <(cat EVENTS)")]
    [InlineData("3<EVENTS <&3")]
    public async Task WhateverElseIsThere_IsRead(string input)
    {
        string events = _folder.File("events.jsonl", "{\"type\":\"response.cancel\"}\n"u8.ToArray());

        Assert.Equal((0, ""), await ToolProcess.RunAsync($"decode - {input.Replace("EVENTS", events, StringComparison.Ordinal)} >/dev/null"));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task NobodyReadsIt_NobodyMissesIt() => Assert.Equal((0, ""), await ToolProcess.RunAsync($"talk --fast --out {_folder.File("out.wav")} <&- >/dev/null"));
}
