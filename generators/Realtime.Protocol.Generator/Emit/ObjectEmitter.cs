using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.Code;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>An object of the protocol: the class that one writes and the view that one reads.</summary>
internal static class ObjectEmitter
{
    public static string Emit(ResolvedType resolved)
    {
        TypeModel type = resolved.Type;
        return GeneratedFile.Of(resolved.Family, type.SourceFile, Paragraphs(WriteCode.Type(type, inEvent: false), type.Members.Count > 0 ? View(type) : EmptyView(type)));
    }

    private static string View(TypeModel type) => Of($$"""
        {{Summary(ReadCode.Describe(type))}}
        /// <remarks>A view: valid as long as the message's buffer is.</remarks>
        {{GeneratedFile.Attribute}}
        public readonly ref struct {{type.Name}}View : Wire.IJsonView<{{type.Name}}View>, Views.IWritableView<{{type.Name}}View, {{type.Name}}>
        {
            private readonly ReadOnlySpan<byte> _json;
            private readonly Wire.Slot _self;
            {{NestedField(type)}}
            private readonly Slots _slots;

            /// <summary>The view of an object that was checked when the message was read.</summary>
            internal {{type.Name}}View(ReadOnlySpan<byte> json, Wire.Slot self, Wire.NestedMembers nested = default)
            {
                _json = json;
                _self = self;
                {{If(NestedField(type).Length > 0, "_nested = nested;")}}
                if (self.HasValue
                    && !nested.TryGet<{{type.Name}}View>(self.Start, _slots)
                    && ReadInOrder(json, self.Start, Wire.OrderedReader.Checked, nested: null, _slots) < 0)
                {
                    _slots = default;
                    var cursor = Wire.JsonCursor.OfChecked(json, self.Start);
                    TryRead(ref cursor, _slots);
                }
            }

            {{Paragraphs(Self, ReadCode.Getters(type.Members, inEvent: false), Json, ReadCode.ToWritable(type, inEvent: false))}}

            /// <inheritdoc/>
            static bool Wire.IJsonView<{{type.Name}}View>.Validate(ref Wire.JsonCursor json)
            {
                Slots slots = default;
                return TryRead(ref json, slots);
            }

            /// <inheritdoc/>
            static int Wire.IJsonView<{{type.Name}}View>.PassInOrder(ReadOnlySpan<byte> json, int at, int depth, Wire.NestedTable? nested)
            {
                Slots slots = default;
                int end = depth < Wire.JsonCursor.MaxDepth ? ReadInOrder(json, at, depth + 1, nested, slots) : Wire.OrderedReader.Declined;
                if (end >= 0)
                {
                    nested?.Note<{{type.Name}}View>(at, slots);
                }

                return end;
            }

            {{Bind(type)}}

            {{Paragraphs(
                ReadCode.ReadInOrder(type.Members),
                ReadCode.TryRead(type.Members, audio: null, hasFastPath: true),
                ReadCode.MemberOf(type.Members),
                SlotsOf(type.Members.Count))}}
        }
        """);

    /// <summary>The view of an object without members that the schema names.</summary>
    private static string EmptyView(TypeModel type) => Of($$"""
        {{Summary(ReadCode.Describe(type))}}
        /// <remarks>A view: valid as long as the message's buffer is.</remarks>
        {{GeneratedFile.Attribute}}
        public readonly ref struct {{type.Name}}View : Wire.IJsonView<{{type.Name}}View>, Views.IWritableView<{{type.Name}}View, {{type.Name}}>
        {
            private readonly ReadOnlySpan<byte> _json;
            private readonly Wire.Slot _self;

            /// <summary>The view of an object that was checked when the message was read.</summary>
            internal {{type.Name}}View(ReadOnlySpan<byte> json, Wire.Slot self, Wire.NestedMembers nested = default)
            {
                _json = json;
                _self = self;
            }

            {{Paragraphs(Self, Json, ReadCode.ToWritable(type, inEvent: false))}}

            /// <inheritdoc/>
            static bool Wire.IJsonView<{{type.Name}}View>.Validate(ref Wire.JsonCursor json) => json.SkipKnownObject();

            /// <inheritdoc/>
            static int Wire.IJsonView<{{type.Name}}View>.PassInOrder(ReadOnlySpan<byte> json, int at, int depth, Wire.NestedTable? nested) =>
                Wire.OrderedReader.PassStrictly<{{type.Name}}View>(json, at, depth);

            {{Bind(type)}}
        }
        """);

    /// <summary>Presence of the value itself.</summary>
    public const string Self = """
        /// <summary>Absent, null or a value.</summary>
        public Presence Presence => _self.Presence;

        /// <summary>True when there is a value, neither absent nor null.</summary>
        public bool HasValue => _self.HasValue;
        """;

    /// <summary>The JSON itself, for those who pass it on.</summary>
    public const string Json = """
        /// <summary>The JSON as it stands in the message, unknown members included; empty when absent.</summary>
        public ReadOnlySpan<byte> Json => _self.Occurs ? _self.In(_json) : default;

        /// <summary>Writes the JSON as it stands in the message.</summary>
        public void WriteTo(IBufferWriter<byte> output) => output.Write(Json);
        """;

    public static string Bind(TypeModel type) => Of($$"""
        /// <inheritdoc/>
        static {{type.Name}}View Wire.IJsonView<{{type.Name}}View>.Bind(ReadOnlySpan<byte> json, Wire.Slot slot, Wire.NestedMembers nested) => new(json, slot, nested);
        """);

    /// <summary>What is handed on to the views of nested objects, where there are some.</summary>
    private static string NestedField(TypeModel type) => If(type.Members.Any(MemberCode.HoldsObjects), "private readonly Wire.NestedMembers _nested;");

    public static string SlotsOf(int count) => Of($$"""
        /// <summary>Where each member lies in the message.</summary>
        [InlineArray({{count}})]
        private struct Slots
        {
            private Wire.Slot _first;
        }
        """);
}
