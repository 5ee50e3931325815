using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.Code;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>What all events of one direction share: the event that may be any of them, and its copy to keep.</summary>
internal static class DispatchEmitter
{
    /// <summary>The class that every event adds its writer to.</summary>
    public static string EmitWriter(EventWriterModel writer) => GeneratedFile.Of(writer.Family, $"all files of {writer.Folders}", """
        /// <summary>Writes events, of client and server alike, into a buffer, a pipe or any other writer of bytes.</summary>
        public static partial class EventWriter
        {
        }
        """);

    public static string EmitEvent(EventListModel list)
    {
        string name = list.Role + "Event";
        return GeneratedFile.Of(list.Family, GeneratedFile.Source(list), Paragraphs(
            Event(list, name),
            Owned(list, name),
            If(list.Role == SchemaRole.Client, Sendable),
            EventReaderEmitter.Reader(list, name),
            Slots(list, name)));
    }

    /// <summary>The mark of what an application may send by itself. One of each family, so that no session is given another's events.</summary>
    private const string Sendable = """
        /// <summary>
        /// An event that an application may send by itself, beside what its session sends. The schema says which may not: those that one place alone may send
        /// (<c>x-sequenced</c>), and those by which a session counts what was said (<c>x-session-owned</c>). So they do not compile.
        /// </summary>
        public interface ISendableEvent : Wire.IJsonWritable;
        """;

    private static string Event(EventListModel list, string name) => Of($$"""
        /// <summary>Any event that a {{GeneratedFile.Sender(list)}} sends, read and checked as a whole, so that no getter can fail.</summary>
        /// <remarks>A view: valid as long as the message's buffer is, and its audio as long as the reader's destination is. Keep a copy with <c>ToOwned</c>.</remarks>
        {{GeneratedFile.Attribute}}
        public ref struct {{name}}
        {
            private {{name}}Kind _kind;
            private bool _isSameItem;
            private ReadOnlySpan<byte> _json;
            private ReadOnlySpan<byte> _audio;
            private bool _isDecoded;
            private Wire.OriginalMessage? _original;
            private Wire.NestedMembers _nested;
            private {{name}}Slots _slots;

            /// <summary>Fills the caller's variable: a constructor would make the event elsewhere and copy it, which costs as much as a compare of the message.</summary>
            internal static void Lay(out {{name}} value, {{name}}Kind kind, ReadOnlySpan<byte> json, scoped in {{name}}Slots slots, ReadOnlySpan<byte> audio, bool isDecoded, bool sameItem, Wire.OriginalMessage? original, Wire.NestedMembers nested = default)
            {
                Unsafe.SkipInit(out value);
                value._kind = kind;
                value._isSameItem = sameItem;
                value._json = json;
                slots.CopyTo(out value._slots);
                value._audio = audio;
                value._isDecoded = isDecoded;
                value._original = original;
                value._nested = nested;
            }

            /// <summary>Where the members lie.</summary>
            [global::System.Diagnostics.CodeAnalysis.UnscopedRef]
            internal readonly ReadOnlySpan<Wire.Slot> Slots => _slots;

            /// <summary>Which event this is; <c>Unknown</c> for one that is not known today.</summary>
            public readonly {{name}}Kind Kind => _kind;

            /// <summary>True when the reader has seen that this event differs from its previous one of this kind in payload and event id only: response, item and indices are the same. False says nothing.</summary>
            public readonly bool SameItemAsPrevious => _isSameItem;

            /// <summary>The event's name on the wire.</summary>
            public readonly TextView TypeText => new(_json, _slots[{{name}}Slots.Type]);

            /// <summary>The id of this event; absent where the sender gave none.</summary>
            public readonly TextView EventId => new(_json, _slots[{{name}}Slots.EventId]);

            /// <summary>The whole event as it stands in the message, whatever was mended for reading.</summary>
            public readonly ReadOnlySpan<byte> Json => _original is null ? _json : _original.Whole;

            /// <summary>What a tolerant reader forgave in this message; nothing for a sound one.</summary>
            public readonly ReadOddities Oddities => _original is null ? default : _original.Oddities;

            /// <summary>The text that the views look at: as long as the message, and another one only where the reader mended it.</summary>
            internal readonly ReadOnlySpan<byte> Text => _json;

            /// <summary>The audio of this event when the reader decoded it; empty otherwise.</summary>
            [RawAudio]
            public readonly ReadOnlySpan<byte> Audio => _audio;

            {{EventReadCode.Methods(list, name)}}

            {{Paragraphs(list.Events.Select(model => TryGet(model, name)))}}

            /// <summary>Writes the event as it stands in the message, unknown members included.</summary>
            {{If(list.Events.Any(static model => model.IsSequenced), "[Sequenced]")}}
            public readonly void WriteTo(IBufferWriter<byte> output) => output.Write(Json);

            /// <summary>Hands the event to a visitor as the struct that one writes. False for an event that is not known today. Allocates.</summary>
            public readonly bool TryVisit<TVisitor>(scoped ref TVisitor visitor)
                where TVisitor : struct, Wire.IEventVisitor, allows ref struct
            {
                switch (Kind)
                {
                    {{Lines(list.Events.Select(model => Visit(model, name)))}}
                    default:
                        return false;
                }
            }

            /// <summary>A copy to keep: the one method here that allocates.</summary>
            public readonly Owned{{name}} ToOwned()
            {
                {{name}}Slots slots = _slots;
                Wire.OriginalMessage? original = null;
                ReadOnlySpan<byte> json = _original is null ? _json : _original.Keep(_json, slots, out original);
                return new(Kind, json, in slots, _audio, _isDecoded, original);
            }
        }
        """);

    private static string TryGet(EventModel model, string name) => Of($$"""
        /// <summary>The view of a <c>{{model.WireName}}</c>. False, with an empty view, when <see cref="Kind"/> is another one.</summary>
        public readonly bool TryGet{{model.Name}}(out {{model.Name}}View view)
        {
            if (Kind != {{name}}Kind.{{model.Name}})
            {
                view = default;
                return false;
            }

            {{model.Name}}View.Lay(out view, _json, in _slots{{Nested(model)}}{{Audio(model)}});
            return true;
        }
        """);

    private static string Visit(EventModel model, string name) => Of($$"""
        case {{name}}Kind.{{model.Name}}:
            {{model.Name}}View.Lay(out {{model.Name}}View {{Camel(model.Name)}}, _json, in _slots{{Nested(model)}}{{Audio(model)}});
            visitor.Visit({{Camel(model.Name)}}.ToWritable());
            return true;
        """);

    private static string Owned(EventListModel list, string name) => Of($$"""
        /// <summary>A copy of an event that a {{GeneratedFile.Sender(list)}} sent, safe to keep and to pass between threads.</summary>
        {{GeneratedFile.Attribute}}
        public sealed class Owned{{name}}
        {
            private readonly byte[] _json;
            private readonly byte[] _audio;
            private readonly bool _isDecoded;
            private readonly Wire.OriginalMessage? _original;
            private readonly {{name}}Slots _slots;

            internal Owned{{name}}({{name}}Kind kind, ReadOnlySpan<byte> json, scoped in {{name}}Slots slots, ReadOnlySpan<byte> audio, bool isDecoded, Wire.OriginalMessage? original)
            {
                Kind = kind;
                _json = json.ToArray();
                _audio = audio.ToArray();
                _isDecoded = isDecoded;
                _original = original;
                _slots = slots;
            }

            /// <summary>Which event this is.</summary>
            public {{name}}Kind Kind { get; }

            /// <summary>The event, with the same views as the original.</summary>
            public {{name}} View
            {
                get
                {
                    {{name}}.Lay(out {{name}} view, Kind, _json, in _slots, _audio, _isDecoded, sameItem: false, _original);
                    return view;
                }
            }

            /// <summary>The event's kind; its content may be private speech.</summary>
            public override string ToString() => Kind.ToString();
        }
        """);

    private static string Slots(EventListModel list, string name) => Of($$"""
        /// <summary>Where the members of an event lie: as many slots as the largest event has members.</summary>
        {{GeneratedFile.Attribute}}
        [InlineArray({{list.Events.Max(static model => model.MemberCount)}})]
        internal struct {{name}}Slots
        {
            /// <summary>In every event the type comes first and the event's id second.</summary>
            public const int Type = 0;
            public const int EventId = 1;

            private Wire.Slot _first;

            /// <summary>As many slots, where they are. Checked: fewer are an error.</summary>
            public static ref readonly {{name}}Slots Of(ReadOnlySpan<Wire.Slot> slots) =>
                ref global::System.Runtime.InteropServices.MemoryMarshal.AsRef<{{name}}Slots>(global::System.Runtime.InteropServices.MemoryMarshal.AsBytes(slots));

            /// <summary>Slot by slot: a processor that wrote one of them by itself must wait before it can read several at once.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public readonly void CopyTo(out {{name}}Slots other)
            {
                Unsafe.SkipInit(out other);
                ref Wire.Slot to = ref other._first;
                ref Wire.Slot from = ref Unsafe.AsRef(in _first);
                to = from;
                {{Lines(Enumerable.Range(1, list.Events.Max(static model => model.MemberCount) - 1).Select(static slot => $"Unsafe.Add(ref to, {slot}) = Unsafe.Add(ref from, {slot});"))}}
            }
        }
        """);

    private static string Nested(EventModel model) => If(!model.IsHot, ", _nested");

    private static string Audio(EventModel model) => If(model.HasAudio, ", _audio, _isDecoded, _original");

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);
}
