using System.Text;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Hosting;

/// <summary>What the sessions of a host keep of their users' sound is divided among them, unless somebody says how much one keeps.</summary>
public class SharedSoundTests
{
    private const int HangsAfterMs = 60_000;
    private const int Turn = 1_000 * Sound.BytesPerMs;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = HangsAfterMs)]
    public async Task OneSession_KeepsAllThatThereIs_AndTwoKeepHalf()
    {
        await using RealtimeSimulatorHost host = await StartAsync(inAll: (2 * Turn) + 1_000);
        using RawClient first = await RawClient.ConnectAsync(host, Stop);
        string one = await TakeTurnAsync(first);
        string two = await TakeTurnAsync(first);
        Assert.True(await IsKeptAsync(first, one));
        Assert.True(await IsKeptAsync(first, two));

        using RawClient second = await RawClient.ConnectAsync(host, Stop);
        string other = await TakeTurnAsync(second);
        string three = await TakeTurnAsync(first);
        Assert.False(await IsKeptAsync(first, one));
        Assert.False(await IsKeptAsync(first, two));
        Assert.True(await IsKeptAsync(first, three));
        Assert.True(await IsKeptAsync(second, other));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData(0, null, false)]
    [InlineData(0, 2 * Turn, true)]
    [InlineData(1_000 * Turn, 0, false)]
    [InlineData(1_000 * Turn, null, true)]
    public async Task WhatASessionSays_GoesBeforeWhatIsDivided(int inAll, int? bytes, bool isKept)
    {
        await using RealtimeSimulatorHost host = await StartAsync(inAll, bytes);
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        string item = await TakeTurnAsync(client);
        Assert.Equal(isKept, await IsKeptAsync(client, item));
    }

    [Fact]
    public void LessThanNothing_CannotBeDivided() => Assert.Throws<ArgumentOutOfRangeException>(static () => new SimulatorHostLimits { KeptAudioBytesInAll = -1 });

    private static Task<RealtimeSimulatorHost> StartAsync(long inAll, long? bytes = null) => RealtimeSimulatorHost.StartAsync(
        new() { Limits = new() { KeptAudioBytesInAll = inAll }, Simulator = SimulatedServer.Immediate with { TurnDetection = SimulatedTurnDetection.None, KeptAudioBytes = bytes } }, Stop);

    private static async Task<string> TakeTurnAsync(RawClient client)
    {
        await client.SayAsync(SimulatedServer.Append(Sound.Speech(1_000)));
        await client.SayAsync("""{"type":"input_audio_buffer.commit"}""");
        await client.SayAsync("""{"type":"response.create"}""");
        string id = "";
        while (true)
        {
            string message = Encoding.UTF8.GetString((await client.ReadFrameAsync()).Payload);
            if (message.Contains("\"input_audio_buffer.committed\"", StringComparison.Ordinal))
            {
                id = message.Split("\"item_id\":\"")[1].Split('"')[0];
            }
            else if (message.Contains("\"response.done\"", StringComparison.Ordinal))
            {
                return id;
            }
        }
    }

    private static async Task<bool> IsKeptAsync(RawClient client, string id)
    {
        await client.SayAsync($$"""{"type":"conversation.item.retrieve","item_id":"{{id}}"}""");
        while (true)
        {
            string message = Encoding.UTF8.GetString((await client.ReadFrameAsync()).Payload);
            if (message.Contains("\"conversation.item.retrieved\"", StringComparison.Ordinal))
            {
                return true;
            }

            if (message.Contains("\"item_retrieve_audio_not_kept\"", StringComparison.Ordinal))
            {
                return false;
            }
        }
    }
}
