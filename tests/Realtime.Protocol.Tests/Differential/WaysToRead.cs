using System.Buffers;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Differential;

/// <summary>
/// The ways to read one family and direction: by a reader as programs use it, in one piece and in several, and strictly,
/// which is the definition. A reader belongs to one connection, so each instance is one.
/// </summary>
internal abstract class WaysToRead
{
    private readonly Dictionary<int, HotMember[]> _hot = [];

    /// <summary>Every so often an event is also copied, and rewritten through all its getters.</summary>
    public bool Thoroughly { get; set; }

    public static WaysToRead Of(string family, string direction) => (family, direction) switch
    {
        ("realtime", "server") => new RealtimeServer(),
        ("realtime", "client") => new RealtimeClient(),
        ("translation", "server") => new TranslationServer(),
        ("translation", "client") => new TranslationClient(),
        _ => throw new ArgumentException($"The family {family}/{direction} has no row here: add one."),
    };

    /// <summary>How many events have fast paths.</summary>
    public int HotKinds => _hot.Count;

    /// <summary>The members of a kind that has fast paths; null for others.</summary>
    public HotMember[]? HotMembersOf(int kind) => _hot.GetValueOrDefault(kind);

    public abstract void Fast(ReadOnlySpan<byte> message, Span<byte> destination, Reading reading);

    public abstract void Fast(in ReadOnlySequence<byte> message, Span<byte> destination, Reading reading);

    public abstract void Strict(ReadOnlySpan<byte> message, Span<byte> destination, Reading reading);

    private void AddHot<TView>()
        where TView : struct, IHotView, allows ref struct => _hot.Add(TView.HotKind, TView.HotMembers.ToArray());

    /// <summary>The realtime events that a server sends.</summary>
    private sealed class RealtimeServer : WaysToRead
    {
        private readonly ServerEventReader _inOnePiece = new();
        private readonly ServerEventReader _inPieces = new();

        public RealtimeServer()
        {
            AddHot<ResponseOutputAudioDeltaView>();
            AddHot<ResponseOutputAudioTranscriptDeltaView>();
            AddHot<ResponseOutputTextDeltaView>();
            AddHot<ResponseFunctionCallArgumentsDeltaView>();
            AddHot<ResponseMcpCallArgumentsDeltaView>();
            AddHot<ConversationItemInputAudioTranscriptionDeltaView>();
        }

        public override void Fast(ReadOnlySpan<byte> message, Span<byte> destination, Reading reading) =>
            Take(_inOnePiece.TryRead(message, destination, out ServerEvent value, out ReadError error), message, value, error, reading);

        public override void Fast(in ReadOnlySequence<byte> message, Span<byte> destination, Reading reading) =>
            Take(_inPieces.TryRead(in message, destination, out ServerEvent value, out ReadError error), message.ToArray(), value, error, reading);

        public override void Strict(ReadOnlySpan<byte> message, Span<byte> destination, Reading reading) =>
            Take(ServerEvent.TryRead(message, destination, strict: true, out ServerEvent value, out ReadError error), message, value, error, reading);

        private void Take(bool read, ReadOnlySpan<byte> message, scoped in ServerEvent value, ReadError error, Reading reading)
        {
            if (!read)
            {
                reading.Fail(error);
                return;
            }

            OwnedServerEvent kept = value.ToOwned();
            bool isWhole = value.Json.SequenceEqual(message) && kept.View.Json.SequenceEqual(message) && kept.Kind == value.Kind;
            reading.Take((int)value.Kind, value.SameItemAsPrevious, value.TypeText, value.EventId, kept.View.Slots, isWhole, error);
            if (value.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView audio))
            {
                reading.TakeAudio(audio.Delta, value.Audio);
            }

            if (Thoroughly)
            {
                Reading.Rewriting rewriting = reading.Rewrite();
                value.TryVisit(ref rewriting);
                kept.View.TryVisit(ref rewriting);
            }
        }
    }

    /// <summary>The realtime events that a client sends.</summary>
    private sealed class RealtimeClient : WaysToRead
    {
        private readonly ClientEventReader _inOnePiece = new();
        private readonly ClientEventReader _inPieces = new();

        public RealtimeClient()
        {
            AddHot<InputAudioBufferAppendView>();
        }

        public override void Fast(ReadOnlySpan<byte> message, Span<byte> destination, Reading reading) =>
            Take(_inOnePiece.TryRead(message, destination, out ClientEvent value, out ReadError error), message, value, error, reading);

        public override void Fast(in ReadOnlySequence<byte> message, Span<byte> destination, Reading reading) =>
            Take(_inPieces.TryRead(in message, destination, out ClientEvent value, out ReadError error), message.ToArray(), value, error, reading);

        public override void Strict(ReadOnlySpan<byte> message, Span<byte> destination, Reading reading) =>
            Take(ClientEvent.TryRead(message, destination, strict: true, out ClientEvent value, out ReadError error), message, value, error, reading);

        private void Take(bool read, ReadOnlySpan<byte> message, scoped in ClientEvent value, ReadError error, Reading reading)
        {
            if (!read)
            {
                reading.Fail(error);
                return;
            }

            OwnedClientEvent kept = value.ToOwned();
            bool isWhole = value.Json.SequenceEqual(message) && kept.View.Json.SequenceEqual(message) && kept.Kind == value.Kind;
            reading.Take((int)value.Kind, value.SameItemAsPrevious, value.TypeText, value.EventId, kept.View.Slots, isWhole, error);
            if (value.TryGetInputAudioBufferAppend(out InputAudioBufferAppendView audio))
            {
                reading.TakeAudio(audio.Audio, value.Audio);
            }

            if (Thoroughly)
            {
                Reading.Rewriting rewriting = reading.Rewrite();
                value.TryVisit(ref rewriting);
                kept.View.TryVisit(ref rewriting);
            }
        }
    }

    /// <summary>The translation events that a server sends.</summary>
    private sealed class TranslationServer : WaysToRead
    {
        private readonly Events.Translation.ServerEventReader _inOnePiece = new();
        private readonly Events.Translation.ServerEventReader _inPieces = new();

        public TranslationServer()
        {
            AddHot<Events.Translation.SessionOutputAudioDeltaView>();
            AddHot<Events.Translation.SessionOutputTranscriptDeltaView>();
            AddHot<Events.Translation.SessionInputTranscriptDeltaView>();
        }

        public override void Fast(ReadOnlySpan<byte> message, Span<byte> destination, Reading reading) =>
            Take(_inOnePiece.TryRead(message, destination, out Events.Translation.ServerEvent value, out ReadError error), message, value, error, reading);

        public override void Fast(in ReadOnlySequence<byte> message, Span<byte> destination, Reading reading) =>
            Take(_inPieces.TryRead(in message, destination, out Events.Translation.ServerEvent value, out ReadError error), message.ToArray(), value, error, reading);

        public override void Strict(ReadOnlySpan<byte> message, Span<byte> destination, Reading reading) =>
            Take(Events.Translation.ServerEvent.TryRead(message, destination, strict: true, out Events.Translation.ServerEvent value, out ReadError error), message, value, error, reading);

        private void Take(bool read, ReadOnlySpan<byte> message, scoped in Events.Translation.ServerEvent value, ReadError error, Reading reading)
        {
            if (!read)
            {
                reading.Fail(error);
                return;
            }

            Events.Translation.OwnedServerEvent kept = value.ToOwned();
            bool isWhole = value.Json.SequenceEqual(message) && kept.View.Json.SequenceEqual(message) && kept.Kind == value.Kind;
            reading.Take((int)value.Kind, value.SameItemAsPrevious, value.TypeText, value.EventId, kept.View.Slots, isWhole, error);
            if (value.TryGetSessionOutputAudioDelta(out Events.Translation.SessionOutputAudioDeltaView audio))
            {
                reading.TakeAudio(audio.Delta, value.Audio);
            }

            if (Thoroughly)
            {
                Reading.Rewriting rewriting = reading.Rewrite();
                value.TryVisit(ref rewriting);
                kept.View.TryVisit(ref rewriting);
            }
        }
    }

    /// <summary>The translation events that a client sends.</summary>
    private sealed class TranslationClient : WaysToRead
    {
        private readonly Events.Translation.ClientEventReader _inOnePiece = new();
        private readonly Events.Translation.ClientEventReader _inPieces = new();

        public TranslationClient()
        {
            AddHot<Events.Translation.SessionInputAudioBufferAppendView>();
        }

        public override void Fast(ReadOnlySpan<byte> message, Span<byte> destination, Reading reading) =>
            Take(_inOnePiece.TryRead(message, destination, out Events.Translation.ClientEvent value, out ReadError error), message, value, error, reading);

        public override void Fast(in ReadOnlySequence<byte> message, Span<byte> destination, Reading reading) =>
            Take(_inPieces.TryRead(in message, destination, out Events.Translation.ClientEvent value, out ReadError error), message.ToArray(), value, error, reading);

        public override void Strict(ReadOnlySpan<byte> message, Span<byte> destination, Reading reading) =>
            Take(Events.Translation.ClientEvent.TryRead(message, destination, strict: true, out Events.Translation.ClientEvent value, out ReadError error), message, value, error, reading);

        private void Take(bool read, ReadOnlySpan<byte> message, scoped in Events.Translation.ClientEvent value, ReadError error, Reading reading)
        {
            if (!read)
            {
                reading.Fail(error);
                return;
            }

            Events.Translation.OwnedClientEvent kept = value.ToOwned();
            bool isWhole = value.Json.SequenceEqual(message) && kept.View.Json.SequenceEqual(message) && kept.Kind == value.Kind;
            reading.Take((int)value.Kind, value.SameItemAsPrevious, value.TypeText, value.EventId, kept.View.Slots, isWhole, error);
            if (value.TryGetSessionInputAudioBufferAppend(out Events.Translation.SessionInputAudioBufferAppendView audio))
            {
                reading.TakeAudio(audio.Audio, value.Audio);
            }

            if (Thoroughly)
            {
                Reading.Rewriting rewriting = reading.Rewrite();
                value.TryVisit(ref rewriting);
                kept.View.TryVisit(ref rewriting);
            }
        }
    }
}
