using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Hosting;

/// <summary>
/// Many clients that ask and never read. The host is a program of its own with so much memory and no more: how lazily the platform collects is nobody's business here. <c>REALTIME_STUCK_READERS=50</c> is what it is made for; a few do on every run.
/// </summary>
public class StuckReaderTests
{
    private const int HangsAfterMs = 240_000;
    private const int RoundTrips = 40;
    private const long MiB = 1024 * 1024;

    // Two minutes of sound in four seconds: 7.7 MB on the wire, and what waits for one client passes 4 MiB.
    private const string Loud = """{"pace":{"speed":30},"otherwise":[{"say":"Very long.","audio":{"tone":440,"length":"120s"}}]}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static int Readers => int.TryParse(Environment.GetEnvironmentVariable("REALTIME_STUCK_READERS"), CultureInfo.InvariantCulture, out int many) ? many : 5;

    // 4 MiB for each, what the program has besides, and 256 MiB in all.
    private static long HeapBytes => Math.Min(256, 40 + (6 * Readers)) * MiB;

    [Fact(Timeout = HangsAfterMs)]
    public async Task StuckReaders_AreGivenUp_WithinTheMemoryOfAllQueues_AndTheOthersAreServed()
    {
        using Process program = HostProgram.Start(Loud, HeapBytes);
        var stuck = new List<RawClient>();
        try
        {
            var endpoint = new Uri((await program.StandardOutput.ReadLineAsync(Stop))!);
            using RawClient first = await RawClient.ConnectAsync(endpoint, Stop);
            await RoundTripAsync(first);
            for (int i = 0; i < Readers; i++)
            {
                stuck.Add(await RawClient.ConnectAsync(endpoint, Stop, receiveBuffer: 4_096));
            }

            foreach (RawClient client in stuck)
            {
                await client.SayAsync("""{"type":"response.create"}""");
            }

            Task[] others = [.. Enumerable.Range(0, 3).Select(_ => ServeAsync(endpoint))];
            await Task.WhenAll(others);
            JsonNode[] ended = await AllEndedAsync(endpoint, Readers);

            Assert.All(ended, static connection => Assert.Equal(("server", 1008), ((string)connection["end"]!, (int)connection["close_status"]!)));
            await RoundTripAsync(first);

            // What each of them finds when it reads at last: whole frames and a goodbye, or a reset.
            foreach (RawClient client in stuck)
            {
                (byte[] bytes, bool wasReset) = await client.ReadToEndAsync();
                Assert.True(wasReset || (bytes.Length > 4 && bytes.AsSpan().IndexOf([(byte)0x88]) >= 0), "neither a goodbye nor a reset");
            }
        }
        finally
        {
            program.Kill();
            stuck.ForEach(static client => client.Dispose());
        }
    }

    private static async Task ServeAsync(Uri endpoint)
    {
        using RawClient client = await RawClient.ConnectAsync(endpoint, Stop);
        for (int i = 0; i < RoundTrips; i++)
        {
            await RoundTripAsync(client);
        }
    }

    private static async Task RoundTripAsync(RawClient client)
    {
        await client.SayAsync("""{"type":"input_audio_buffer.clear"}""");
        string message;
        do
        {
            message = Encoding.UTF8.GetString((await client.ReadFrameAsync()).Payload);
        }
        while (!message.Contains("\"input_audio_buffer.cleared\"", StringComparison.Ordinal));
    }

    private static async Task<JsonNode[]> AllEndedAsync(Uri endpoint, int readers)
    {
        using var http = new HttpClient();
        while (true)
        {
            string list = await http.GetStringAsync(new Uri($"http://{endpoint.Authority}/connections"), Stop);

            // The first came before them, and the others behind them.
            JsonNode[] stuck = [.. JsonNode.Parse(list)!["connections"]!.AsArray().Skip(1).Take(readers)!];
            if (Array.TrueForAll(stuck, static connection => connection["end"] is not null))
            {
                return stuck;
            }

            await Task.Delay(50, Stop);
        }
    }
}
