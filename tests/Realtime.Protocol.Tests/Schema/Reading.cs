using System.Buffers;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>Reads an example in either direction, so that one test serves client and server events.</summary>
internal static class Reading
{
    public delegate void OnServer(in ServerEvent value);

    public static bool TryRead(Example example, ReadOnlySpan<byte> message, out ReadError error) =>
        example.IsServer
            ? ServerEvent.TryRead(message, out _, out error)
            : ClientEvent.TryRead(message, out _, out error);

    /// <summary>The type and id that the event shows, and its JSON as its view writes it.</summary>
    public static (string Type, bool IsKnown, byte[] Json) ReadAndWrite(Example example, ReadOnlySpan<byte> message)
    {
        var output = new ArrayBufferWriter<byte>();
        if (example.IsServer)
        {
            Assert.True(ServerEvent.TryRead(message, out ServerEvent server, out ReadError error), error.ToString());
            WriteTo(server, output);
            return (server.TypeText.ToString(), server.Kind != ServerEventKind.Unknown, output.WrittenSpan.ToArray());
        }

        Assert.True(ClientEvent.TryRead(message, out ClientEvent client, out ReadError clientError), clientError.ToString());
        WriteTo(client, output);
        return (client.TypeText.ToString(), client.Kind != ClientEventKind.Unknown, output.WrittenSpan.ToArray());
    }

    /// <summary>The event, copied into the struct that one writes and written by it.</summary>
    public static byte[] Rewrite(Example example, ReadOnlySpan<byte> message)
    {
        var rewriter = new Rewriter(new ArrayBufferWriter<byte>());
        Visit(example, message, ref rewriter);
        return rewriter.Output.WrittenSpan.ToArray();
    }

    public static void Visit<TVisitor>(Example example, ReadOnlySpan<byte> message, ref TVisitor visitor)
        where TVisitor : struct, IEventVisitor
    {
        if (example.IsServer)
        {
            Assert.True(ServerEvent.TryRead(message, out ServerEvent server, out ReadError error), error.ToString());
            Assert.True(server.TryVisit(ref visitor));
        }
        else
        {
            Assert.True(ClientEvent.TryRead(message, out ClientEvent client, out ReadError error), error.ToString());
            Assert.True(client.TryVisit(ref visitor));
        }
    }

    [SequencerEntry]
    private static void WriteTo(in ServerEvent value, IBufferWriter<byte> output) => value.WriteTo(output);

    [SequencerEntry]
    private static void WriteTo(in ClientEvent value, IBufferWriter<byte> output) => value.WriteTo(output);

    private readonly struct Rewriter(ArrayBufferWriter<byte> output) : IEventVisitor
    {
        public ArrayBufferWriter<byte> Output => output;

        [SequencerEntry]
        public void Visit<TEvent>(scoped in TEvent value)
            where TEvent : struct, IJsonWritable, allows ref struct => JsonWrite.Write(output, in value);
    }
}
