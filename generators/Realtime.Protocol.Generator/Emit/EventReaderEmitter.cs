using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.Code;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>The reader of one connection: the fast paths that remember earlier messages, and messages in pieces.</summary>
internal static class EventReaderEmitter
{
    public static string Reader(EventListModel list, string name)
    {
        EventModel[] hot = [.. list.Events.Where(static model => model.IsHot)];
        return Of($$"""
            /// <summary>Reads the messages that a {{GeneratedFile.Sender(list)}} sends over one connection. Not for several threads at once.</summary>
            {{GeneratedFile.Attribute}}
            public sealed class {{name}}Reader
            {
                private readonly int _maxMessageBytes;
                private readonly ReadTolerance _tolerance;
                private readonly Wire.ShapeMemory _shapes = new();
                private Wire.NestedTable? _nested;
                private Wire.SegmentedMessage? _pieces;
                private Wire.MessageMender? _mender;
                private byte[] _joined = [];

                /// <summary>A reader for one connection.</summary>
                /// <param name="maxMessageBytes">A larger message is refused, in bytes; 16 MiB unless told otherwise, and never 512 MiB or more.</param>
                /// <param name="tolerance">What is done with a message whose JSON is sound while a known member has another form than the protocol gives it; such messages are refused unless told otherwise.</param>
                /// <exception cref="ArgumentOutOfRangeException">The limit is less than one, or 512 MiB or more.</exception>
                public {{name}}Reader(int maxMessageBytes = Wire.EventHeader.DefaultMaxMessageBytes, ReadTolerance tolerance = ReadTolerance.Strict)
                {
                    _maxMessageBytes = Wire.EventHeader.CheckLimit(maxMessageBytes);
                    _tolerance = tolerance;
                }

                /// <summary>Reads and checks one message.</summary>
                /// <param name="message">One whole message. The event is valid as long as this memory is, and its audio as long as the destination is; an event with oddities until the next call of this reader.</param>
                /// <param name="audioDestination">Where the event's audio goes, if it has some. When it is too small the audio stays encoded and can be decoded from the view. It may have been written to when the answer is false, too, or when the event has no audio.</param>
                /// <param name="value">The event.</param>
                /// <param name="error">What is wrong with the message when the answer is false.</param>
                [InvalidatesBorrows]
                public bool TryRead(ReadOnlySpan<byte> message, Span<byte> audioDestination, [Borrowed(FromArgumentsOnly = true)] out {{name}} value, out ReadError error)
                {
                    if (message.Length > _maxMessageBytes)
                    {
                        value = default;
                        error = Wire.EventHeader.TooLarge(_maxMessageBytes);
                        return false;
                    }

                    // Fast path: the message has the shape of an earlier one.
                    if (_shapes.TryRead(message, audioDestination, out ReadOnlySpan<Wire.Slot> slots, out int kind, out int decoded))
                    {
                        {{name}}.Lay(out value, ({{name}}Kind)kind, message, in {{name}}Slots.Of(slots), decoded > 0 ? audioDestination[..decoded] : default, decoded >= 0, sameItem: true, original: null);
                        error = default;
                        return true;
                    }

                    if (!{{name}}.TryRead(message, audioDestination, strict: false, out value, out error, _nested))
                    {
                        return TryMend(message, audioDestination, out value, ref error);
                    }

                    {{If(hot.Length > 0, Of($$"""
                        if ({{name}}Kinds.IsHot(value.Kind))
                        {
                            if (_shapes.IsWorthLearning((int)value.Kind))
                            {
                                Learn(in value, message);
                            }

                            return true;
                        }

                        """))}}
                    // From the next message on: in a new process, the first sound should not wait for what it doesn't need.
                    _nested ??= new();
                    return true;
                }

                /// <summary>The cold path. A method of its own, so that a process that reads its first event need not load what mends a message.</summary>
                [MethodImpl(MethodImplOptions.NoInlining)]
                private bool TryMend(ReadOnlySpan<byte> message, Span<byte> audioDestination, out {{name}} value, scoped ref ReadError error)
                {
                    value = default;
                    if (_tolerance != ReadTolerance.Mend || !{{name}}.TryReadMended(message, audioDestination, _mender ??= new(), out value, ref error))
                    {
                        return false;
                    }

                    // From now on the previous one of its kind is this one, of which no shape is remembered.
                    _shapes.Forget((int)value.Kind);
                    return true;
                }

                /// <summary>Reads and checks one message that lies in several pieces, which then are one to whoever looks at the event.</summary>
                /// <remarks>Valid until the next call of this reader, and only as long as the memory of the pieces and the destination are: some of the event is copied when it is asked for. The reader keeps the text of such a message until another one takes its place.</remarks>
                /// <param name="message">One whole message.</param>
                /// <param name="audioDestination">Where the event's audio goes, if it has some; as for a message in one piece.</param>
                /// <param name="value">The event.</param>
                /// <param name="error">What is wrong with the message when the answer is false.</param>
                [InvalidatesBorrows]
                public bool TryRead(scoped in ReadOnlySequence<byte> message, Span<byte> audioDestination, [Borrowed] out {{name}} value, out ReadError error)
                {
                    if (message.IsSingleSegment)
                    {
                        return TryRead(message.FirstSpan, audioDestination, out value, out error);
                    }

                    if (message.Length > _maxMessageBytes)
                    {
                        value = default;
                        error = Wire.EventHeader.TooLarge(_maxMessageBytes);
                        return false;
                    }

                    // Fast path: audio in a message that has the shape of an earlier one is decoded piece by piece.
                    Wire.SegmentedMessage pieces = _pieces ??= new();
                    if (pieces.TryRead(in message, _shapes, audioDestination, out ReadOnlySpan<Wire.Slot> slots, out int kind, out int decoded))
                    {
                        {{name}}.Lay(out value, ({{name}}Kind)kind, pieces.Short, in {{name}}Slots.Of(slots), audioDestination[..decoded], isDecoded: true, sameItem: true, pieces);
                        error = default;
                        return true;
                    }

                    return TryRead(Wire.EventHeader.Join(in message, ref _joined), audioDestination, out value, out error);
                }

                {{If(hot.Length > 0, Of($$"""
                    /// <summary>Remembers the shape of an event that comes many times a second.</summary>
                    private void Learn(scoped in {{name}} value, ReadOnlySpan<byte> message)
                    {
                        switch (value.Kind)
                        {
                            {{Lines(hot.Select(model => Of($$"""
                                case {{name}}Kind.{{model.Name}}:
                                    _shapes.Learn<{{model.Name}}View>(message, value.Slots);
                                    break;
                                """)))}}
                        }
                    }
                    """))}}
            }
            """);
    }
}
