using System.Net.WebSockets;
using Realtime.Protocol.CommandLine.Serving;
using Realtime.Protocol.CommandLine.Tests.Support;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.CommandLine.Tests.Serving;

/// <summary>
/// What <c>serve</c> says and ends with when the simulator has broken its own order. Nothing on a command line makes it do that, since a host excuses what its switches ask for; so the lines
/// are given to a host that excuses nothing.
/// </summary>
public sealed class ServedLinesTests
{
    private const int HangsAfterMs = 60_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = HangsAfterMs)]
    [InlineData(false, 0)]
    [InlineData(false, 7)]
    [InlineData(true, 0)]
    [InlineData(true, 7)]
    public async Task ServerThatBrokeItsOwnOrder_IsALine_AndExitCode70_WhateverTheProgramEndedWith(bool isExcused, int ending)
    {
        var printed = new StringWriter { NewLine = "\n" };
        var lines = new ServedLines(new TextOutput(printed), TimeProvider.System, ViolationLevel.Wasteful);
        RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(
            new()
            {
                Simulator = new() { Pace = ResponsePace.Immediate, Service = new() { ItemDone = false } },
                Excused = isExcused ? null : ServerRules.None,
                OnViolation = lines.Broke,
                Connections = lines,
            },
            Stop);
        using (var client = new ClientWebSocket())
        {
            await client.ConnectAsync(host.Endpoint, Stop);
            await ServedRun.SayAsync(client, """{"type":"response.create","event_id":"a","response":{"instructions":"a secret"}}""");
            await HeardAsync(client, "response.done");

            // The client goes on as if nothing had been.
            await ServedRun.SayAsync(client, """{"type":"input_audio_buffer.clear","event_id":"b"}""");
            await HeardAsync(client, "input_audio_buffer.cleared");
            await ServedRun.LeaveAsync(client);
            await host.WhenEverybodyHasGoneAsync();
        }

        await host.DisposeAsync();
        ExitCode concluded = lines.Conclude((ExitCode)ending, logs: null, areLogsWhole: true);

        string[] said = [.. printed.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])];
        Assert.Equal(isExcused ? (ExitCode)ending : ExitCode.Defect, concluded);
        if (isExcused)
        {
            Assert.Equal(["#1 connected (realtime)", "#1 left (1000)", "1 connection, 0 rules broken"], said);
        }
        else
        {
            Assert.Equal(4, said.Length);
            Assert.StartsWith("#1 defect of realtime: The simulator broke the order of its events: ", said[1], StringComparison.Ordinal);
            Assert.EndsWith("(response.output_item.done): conversation.item.done has to come first.", said[1], StringComparison.Ordinal);
            Assert.Equal(["#1 left (1000)", "1 connection, 0 rules broken, 1 defect of realtime, please report it"], said[2..]);
        }
    }

    private static async Task HeardAsync(ClientWebSocket client, string type)
    {
        while ((await ServedRun.HearAsync(client))!.Value.GetProperty("type").GetString() != type)
        {
        }
    }
}
