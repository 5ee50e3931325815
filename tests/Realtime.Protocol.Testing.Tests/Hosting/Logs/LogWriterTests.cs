using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Hosting.Logs;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Testing.Tests.Hosting.Logs;

/// <summary>The one writer: what a slow disk loses is counted, what a broken disk loses is told, and nobody ever waits for either.</summary>
public class LogWriterTests
{
    private const int HangsAfterMs = 30_000;

    private static readonly HostedConnection Connection = new(1, SimulatedSessionKind.Realtime, null, null, TimeSpan.Zero, null);

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhatASlowDiskLoses_IsCountedInTheLastLine()
    {
        var disk = new SlowDisk();
        var writer = new LogWriter(_ => disk, most: 10_000);
        SessionLog log = Log(writer);
        for (int i = 0; i < 100; i++)
        {
            log.Add(Speaker.Server, Encoding.UTF8.GetBytes($$"""{"type":"x","n":{{i}}}"""), i);
        }

        log.End(Connection, 100);
        disk.Goes.Set();
        await writer.DisposeAsync();

        string[] lines = Encoding.UTF8.GetString(disk.ToArray()).TrimEnd().Split('\n');
        Assert.InRange(log.Lost, 1, 99);
        Assert.Equal(log.Lost, (long)JsonNode.Parse(lines[^1])!["lost"]!);
        Assert.Equal(1 + 100 - log.Lost + 1, lines.Length);
        Assert.Null(writer.Failure);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ADiskThatFails_EndsThisLog_AndNoOther()
    {
        var disk = new SlowDisk();
        disk.Goes.Set();
        var writer = new LogWriter(path => path == "broken" ? throw new IOException("No space left on device") : disk);
        SessionLog broken = Log(writer, "broken");
        SessionLog good = Log(writer);
        foreach (SessionLog log in new[] { broken, good })
        {
            log.Add(Speaker.Server, "{}"u8, 0);
            log.Add(Speaker.Client, "{}"u8, 0);
            log.End(Connection, 1);
        }

        await writer.FlushAsync();
        await writer.DisposeAsync();

        Assert.Equal((3, "No space left on device"), (broken.Lost, writer.Failure!.Message));
        Assert.Equal(4, Encoding.UTF8.GetString(disk.ToArray()).TrimEnd().Split('\n').Length);
        good.Add(Speaker.Server, "{}"u8, 0);
        Assert.Equal(1, good.Lost);
        await writer.FlushAsync();
    }

    private static SessionLog Log(LogWriter writer, string path = "x") => new(writer, path, "{\"recipe\":{}}"u8.ToArray(), withAudio: false);

    private sealed class SlowDisk : MemoryStream
    {
        public ManualResetEventSlim Goes { get; } = new();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Goes.Wait();
            base.Write(buffer);
        }
    }
}
