using System.Buffers;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>What a test looks at after reading: borrowed, like the event itself.</summary>
internal readonly ref struct EventFacts(bool wasRead, int kind, ReadOnlySpan<byte> json)
{
    public bool WasRead { get; } = wasRead;

    public bool IsKnown { get; } = kind != 0;

    public ReadOnlySpan<byte> Json { get; } = json;
}

/// <summary>The generated entry points of one family and direction, so that one test serves them all.</summary>
internal abstract class EventFamily
{
    /// <summary>A reader belongs to one connection, here to one test: each call gives a new one.</summary>
    public static EventFamily Of(string family, string direction) => (family, direction) switch
    {
        ("realtime", "server") => new RealtimeServer(),
        ("realtime", "client") => new RealtimeClient(),
        ("translation", "server") => new TranslationServer(),
        ("translation", "client") => new TranslationClient(),
        _ => throw new ArgumentException($"The family {family}/{direction} has no row here: add one."),
    };

    public abstract bool TryRead(ReadOnlySpan<byte> message, Span<byte> audio, out EventFacts facts, out ReadError error);

    public abstract bool TryRead(in ReadOnlySequence<byte> message, Span<byte> audio, out EventFacts facts, out ReadError error);

    public abstract (string Type, string EventId) Head(ReadOnlySpan<byte> message);

    public abstract void WriteTo(ReadOnlySpan<byte> message, IBufferWriter<byte> output);

    /// <summary>Keeps the event, lets the caller spoil the buffer, and gives the JSON of what was kept.</summary>
    public abstract byte[] Keep(ReadOnlySpan<byte> message, Action beforeLooking);

    public abstract bool TryVisit<TVisitor>(ReadOnlySpan<byte> message, scoped ref TVisitor visitor)
        where TVisitor : struct, IEventVisitor;

    /// <summary>The event, copied into the struct that one writes and written by it.</summary>
    public byte[] Rewrite(ReadOnlySpan<byte> message)
    {
        var rewriter = new Rewriter(new ArrayBufferWriter<byte>());
        Assert.True(TryVisit(message, ref rewriter));
        return rewriter.Output.WrittenSpan.ToArray();
    }

    /// <summary>The realtime events that a server sends.</summary>
    private sealed class RealtimeServer : EventFamily
    {
        private readonly ServerEventReader _reader = new();

        public override bool TryRead(ReadOnlySpan<byte> message, Span<byte> audio, out EventFacts facts, out ReadError error)
        {
            bool read = _reader.TryRead(message, audio, out ServerEvent value, out error);
            facts = new EventFacts(read, (int)value.Kind, value.Json);
            return read;
        }

        public override bool TryRead(in ReadOnlySequence<byte> message, Span<byte> audio, out EventFacts facts, out ReadError error)
        {
            bool read = _reader.TryRead(in message, audio, out ServerEvent value, out error);
            facts = new EventFacts(read, (int)value.Kind, value.Json);
            return read;
        }

        public override (string Type, string EventId) Head(ReadOnlySpan<byte> message)
        {
            Assert.True(ServerEvent.TryRead(message, out ServerEvent value, out ReadError error), error.ToString());
            return (value.TypeText.ToString(), value.EventId.ToString());
        }

        [SequencerEntry]
        public override void WriteTo(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
        {
            ServerEvent.TryRead(message, out ServerEvent value, out _);
            value.WriteTo(output);
        }

        public override byte[] Keep(ReadOnlySpan<byte> message, Action beforeLooking)
        {
            Assert.True(ServerEvent.TryRead(message, out ServerEvent value, out ReadError error), error.ToString());
            OwnedServerEvent owned = value.ToOwned();
            beforeLooking();
            return owned.View.Json.ToArray();
        }

        public override bool TryVisit<TVisitor>(ReadOnlySpan<byte> message, scoped ref TVisitor visitor)
        {
            Assert.True(ServerEvent.TryRead(message, out ServerEvent value, out ReadError error), error.ToString());
            return value.TryVisit(ref visitor);
        }
    }

    /// <summary>The realtime events that a client sends.</summary>
    private sealed class RealtimeClient : EventFamily
    {
        private readonly ClientEventReader _reader = new();

        public override bool TryRead(ReadOnlySpan<byte> message, Span<byte> audio, out EventFacts facts, out ReadError error)
        {
            bool read = _reader.TryRead(message, audio, out ClientEvent value, out error);
            facts = new EventFacts(read, (int)value.Kind, value.Json);
            return read;
        }

        public override bool TryRead(in ReadOnlySequence<byte> message, Span<byte> audio, out EventFacts facts, out ReadError error)
        {
            bool read = _reader.TryRead(in message, audio, out ClientEvent value, out error);
            facts = new EventFacts(read, (int)value.Kind, value.Json);
            return read;
        }

        public override (string Type, string EventId) Head(ReadOnlySpan<byte> message)
        {
            Assert.True(ClientEvent.TryRead(message, out ClientEvent value, out ReadError error), error.ToString());
            return (value.TypeText.ToString(), value.EventId.ToString());
        }

        [SequencerEntry]
        public override void WriteTo(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
        {
            ClientEvent.TryRead(message, out ClientEvent value, out _);
            value.WriteTo(output);
        }

        public override byte[] Keep(ReadOnlySpan<byte> message, Action beforeLooking)
        {
            Assert.True(ClientEvent.TryRead(message, out ClientEvent value, out ReadError error), error.ToString());
            OwnedClientEvent owned = value.ToOwned();
            beforeLooking();
            return owned.View.Json.ToArray();
        }

        public override bool TryVisit<TVisitor>(ReadOnlySpan<byte> message, scoped ref TVisitor visitor)
        {
            Assert.True(ClientEvent.TryRead(message, out ClientEvent value, out ReadError error), error.ToString());
            return value.TryVisit(ref visitor);
        }
    }

    /// <summary>The translation events that a server sends.</summary>
    private sealed class TranslationServer : EventFamily
    {
        private readonly Events.Translation.ServerEventReader _reader = new();

        public override bool TryRead(ReadOnlySpan<byte> message, Span<byte> audio, out EventFacts facts, out ReadError error)
        {
            bool read = _reader.TryRead(message, audio, out Events.Translation.ServerEvent value, out error);
            facts = new EventFacts(read, (int)value.Kind, value.Json);
            return read;
        }

        public override bool TryRead(in ReadOnlySequence<byte> message, Span<byte> audio, out EventFacts facts, out ReadError error)
        {
            bool read = _reader.TryRead(in message, audio, out Events.Translation.ServerEvent value, out error);
            facts = new EventFacts(read, (int)value.Kind, value.Json);
            return read;
        }

        public override (string Type, string EventId) Head(ReadOnlySpan<byte> message)
        {
            Assert.True(Events.Translation.ServerEvent.TryRead(message, out Events.Translation.ServerEvent value, out ReadError error), error.ToString());
            return (value.TypeText.ToString(), value.EventId.ToString());
        }

        [SequencerEntry]
        public override void WriteTo(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
        {
            Events.Translation.ServerEvent.TryRead(message, out Events.Translation.ServerEvent value, out _);
            value.WriteTo(output);
        }

        public override byte[] Keep(ReadOnlySpan<byte> message, Action beforeLooking)
        {
            Assert.True(Events.Translation.ServerEvent.TryRead(message, out Events.Translation.ServerEvent value, out ReadError error), error.ToString());
            Events.Translation.OwnedServerEvent owned = value.ToOwned();
            beforeLooking();
            return owned.View.Json.ToArray();
        }

        public override bool TryVisit<TVisitor>(ReadOnlySpan<byte> message, scoped ref TVisitor visitor)
        {
            Assert.True(Events.Translation.ServerEvent.TryRead(message, out Events.Translation.ServerEvent value, out ReadError error), error.ToString());
            return value.TryVisit(ref visitor);
        }
    }

    /// <summary>The translation events that a client sends.</summary>
    private sealed class TranslationClient : EventFamily
    {
        private readonly Events.Translation.ClientEventReader _reader = new();

        public override bool TryRead(ReadOnlySpan<byte> message, Span<byte> audio, out EventFacts facts, out ReadError error)
        {
            bool read = _reader.TryRead(message, audio, out Events.Translation.ClientEvent value, out error);
            facts = new EventFacts(read, (int)value.Kind, value.Json);
            return read;
        }

        public override bool TryRead(in ReadOnlySequence<byte> message, Span<byte> audio, out EventFacts facts, out ReadError error)
        {
            bool read = _reader.TryRead(in message, audio, out Events.Translation.ClientEvent value, out error);
            facts = new EventFacts(read, (int)value.Kind, value.Json);
            return read;
        }

        public override (string Type, string EventId) Head(ReadOnlySpan<byte> message)
        {
            Assert.True(Events.Translation.ClientEvent.TryRead(message, out Events.Translation.ClientEvent value, out ReadError error), error.ToString());
            return (value.TypeText.ToString(), value.EventId.ToString());
        }

        [SequencerEntry]
        public override void WriteTo(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
        {
            Events.Translation.ClientEvent.TryRead(message, out Events.Translation.ClientEvent value, out _);
            value.WriteTo(output);
        }

        public override byte[] Keep(ReadOnlySpan<byte> message, Action beforeLooking)
        {
            Assert.True(Events.Translation.ClientEvent.TryRead(message, out Events.Translation.ClientEvent value, out ReadError error), error.ToString());
            Events.Translation.OwnedClientEvent owned = value.ToOwned();
            beforeLooking();
            return owned.View.Json.ToArray();
        }

        public override bool TryVisit<TVisitor>(ReadOnlySpan<byte> message, scoped ref TVisitor visitor)
        {
            Assert.True(Events.Translation.ClientEvent.TryRead(message, out Events.Translation.ClientEvent value, out ReadError error), error.ToString());
            return value.TryVisit(ref visitor);
        }
    }

    private readonly struct Rewriter(ArrayBufferWriter<byte> output) : IEventVisitor
    {
        public ArrayBufferWriter<byte> Output => output;

        [SequencerEntry]
        public void Visit<TEvent>(scoped in TEvent value)
            where TEvent : struct, IJsonWritable, allows ref struct => JsonWrite.Write(output, in value);
    }
}
