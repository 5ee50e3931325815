using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.Code;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>
/// A union: a kind enumeration, an abstract class whose sealed alternatives one writes, and a view that says which
/// alternative came. An alternative that is not known today keeps its JSON.
/// </summary>
internal static class UnionEmitter
{
    public static string Emit(ResolvedType resolved)
    {
        TypeModel type = resolved.Type;
        AlternativeModel? text = type.TextAlternative;
        AlternativeModel[] objects = [.. type.Alternatives.Where(static alternative => alternative.Type.Shape == ValueShape.Object)];
        return GeneratedFile.Of(resolved.Family, type.SourceFile, Paragraphs(
            Kinds(type),
            WriteType(type, text),
            JsonType(type),
            text is null ? "" : TextType(type, text),
            View(type, text, objects)));
    }

    private static string Kinds(TypeModel type) => Of($$"""
        /// <summary>The alternatives of <see cref="{{type.Name}}"/>.</summary>
        {{GeneratedFile.Attribute}}
        public enum {{type.Name}}Kind : byte
        {
            /// <summary>Absent, null, or an alternative that is not known today.</summary>
            Unknown = 0,

            {{Paragraphs(type.Alternatives.Select(static (alternative, index) => Of($$"""
                {{Summary(alternative.Description.Length > 0 ? alternative.Description : IsText(alternative) ? "A text." : alternative.KindName)}}
                {{alternative.KindName}} = {{index + 1}},
                """)))}}
        }
        """);

    private static string WriteType(TypeModel type, AlternativeModel? text) => Of($$"""
        {{Summary(ReadCode.Describe(type))}}
        {{GeneratedFile.Attribute}}
        public abstract class {{type.Name}} : Wire.IJsonWritable{{(text is null ? "" : $", IUnionWithText<{type.Name}, {type.TextName}>")}}
        {
            private protected {{type.Name}}()
            {
            }

            {{Paragraphs(
                If(text is not null, Of($$"""
                    /// <summary>The alternative that is a text.</summary>
                    public static implicit operator {{type.Name}}(string text) => new {{type.Name}}Text { Value = text };
                    """)),
                If(text is not null, Of($$"""
                    /// <summary>The alternative that is a text{{(text?.Type.Shape == ValueShape.Enum ? ", with a value known today" : "; it may be UTF-8 already")}}.</summary>
                    public static implicit operator {{type.Name}}({{type.TextName}} value) => new {{type.Name}}Text { Value = value };
                    """)))}}

            /// <inheritdoc/>
            void Wire.IJsonWritable.WriteTo<TSink>(scoped ref TSink sink) => WriteAlternative(ref sink);

            /// <summary>Writes whichever alternative this is.</summary>
            internal void WriteAlternative<TSink>(scoped ref TSink sink)
                where TSink : struct, Wire.IJsonSink, allows ref struct
            {
                switch (this)
                {
                    {{Lines(type.Alternatives.Select(alternative => Of($$"""
                        case {{(IsText(alternative) ? type.Name + "Text" : alternative.Type.Name)}} value:
                            value.WriteMembers(ref sink);
                            break;
                        """)))}}
                    case {{type.Name}}Json value:
                        value.WriteMembers(ref sink);
                        break;
                }
            }
        }
        """);

    private static string JsonType(TypeModel type) => Of($$"""
        /// <summary>A <see cref="{{type.Name}}"/> of an alternative that is not known today: any JSON.</summary>
        {{GeneratedFile.Attribute}}
        public sealed class {{type.Name}}Json : {{type.Name}}
        {
            /// <summary>The JSON.</summary>
            public required RawJson Value { get; set; }

            /// <summary>Writes the JSON as it is.</summary>
            internal void WriteMembers<TSink>(scoped ref TSink sink)
                where TSink : struct, Wire.IJsonSink, allows ref struct
            {
                Wire.JsonWrite.Require(Value.Presence, nullable: false, nameof({{type.Name}}Json), nameof(Value));
                sink.Raw(Value.Utf8);
            }
        }
        """);

    private static string TextType(TypeModel type, AlternativeModel text)
    {
        bool known = text.Type.Shape == ValueShape.Enum;
        return Of($$"""
            /// <summary>A <see cref="{{type.Name}}"/> that is a text.</summary>
            {{GeneratedFile.Attribute}}
            public sealed class {{type.Name}}Text : {{type.Name}}
            {
                /// <summary>The text.</summary>
                public required {{(known ? $"OpenEnum<{text.Type.Name}>" : "Text")}} Value { get; set; }

                /// <summary>Writes the text.</summary>
                internal void WriteMembers<TSink>(scoped ref TSink sink)
                    where TSink : struct, Wire.IJsonSink, allows ref struct
                {
                    Wire.JsonWrite.Require(Value.Presence, nullable: false, nameof({{type.Name}}Text), nameof(Value));
                    {{(known ? $"Wire.JsonWrite.EnumValue<TSink, {text.Type.Name}, {text.Type.Name}Names>(ref sink, Value);" : "sink.String(Value);")}}
                }
            }
            """);
    }

    private static string View(TypeModel type, AlternativeModel? text, AlternativeModel[] objects)
    {
        string view = type.Name + "View";
        bool tagged = objects.Any(static alternative => alternative.Tag is not null);
        return Of($$"""
            {{Summary(ReadCode.Describe(type))}}
            /// <remarks>A view: valid as long as the message's buffer is.</remarks>
            {{GeneratedFile.Attribute}}
            public readonly ref struct {{view}} : Wire.IJsonView<{{view}}>, Views.IWritableView<{{view}}, {{type.Name}}>
            {
                private readonly ReadOnlySpan<byte> _json;
                private readonly Wire.Slot _self;
                {{If(objects.Length > 0, "private readonly Wire.NestedMembers _nested;")}}
                {{If(tagged, "private readonly Slots _slots;")}}

                /// <summary>The view of a value that was checked when the message was read.</summary>
                internal {{view}}(ReadOnlySpan<byte> json, Wire.Slot self, Wire.NestedMembers nested = default)
                {
                    _json = json;
                    _self = self;
                    {{If(objects.Length > 0, "_nested = nested;")}}
                    if (self.HasValue)
                    {
                        var cursor = Wire.JsonCursor.OfChecked(json, self.Start);
                        Kind = {{(tagged ? "Classify(ref cursor, _slots, onlyType: false)" : "Classify(ref cursor)")}};
                    }
                }

                {{Paragraphs([
                    ObjectEmitter.Self,
                    Of($$"""
                        /// <summary>Which alternative this is.</summary>
                        public {{type.Name}}Kind Kind { get; }
                        """),
                    If(tagged, """
                        /// <summary>The alternative's type as it stands on the wire.</summary>
                        public TextView Type => new(_json, _slots[Member.Type]);
                        """),
                    ReadCode.Getters(type.CommonMembers, inEvent: false),
                    text is null ? "" : TextGetter(text),
                    .. objects.Select(alternative => TryGet(type, alternative)),
                    ObjectEmitter.Json,
                    ToWritable(type, text, objects),
                    UnionReadCode.Validate(type, text, objects, tagged),
                    UnionReadCode.PassInOrder(type, objects, tagged),
                    ObjectEmitter.Bind(type),
                    tagged ? UnionReadCode.ClassifyByTag(type, text, objects) : UnionReadCode.ClassifyByShape(type, text, objects),
                ])}}
            }
            """);
    }

    private static string TextGetter(AlternativeModel text)
    {
        const string Read = "Wire.JsonCursor.TextAt(_json, _self)";
        return Of($$"""
            /// <summary>The alternative that is a text; absent when this is another one.</summary>
            public {{(text.Type.Shape == ValueShape.Enum
                ? $"EnumView<{text.Type.Name}> Text => Views.EnumReader.Read<{text.Type.Name}, {text.Type.Name}Names>(_json, {Read})"
                : $"TextView Text => new(_json, {Read})")}};
            """);
    }

    private static string TryGet(TypeModel type, AlternativeModel alternative) => Of($$"""
        /// <summary>The view of this alternative. False, with an absent view, when <see cref="Kind"/> is another one.</summary>
        public bool TryGet{{alternative.KindName}}(out {{alternative.Type.Name}}View view)
        {
            bool matches = Kind == {{type.Name}}Kind.{{alternative.KindName}};
            view = matches ? new(_json, _self, _nested) : default;
            return matches;
        }
        """);

    private static string ToWritable(TypeModel type, AlternativeModel? text, AlternativeModel[] objects) => Of($$"""
        /// <summary>A copy to change and to write, unknown members included. Allocates.</summary>
        public {{type.Name}} ToWritable() => Kind switch
        {
            {{If(text is not null, $"{type.Name}Kind.Text => new {type.Name}Text {{ Value = Views.Copy.{(text?.Type.Shape == ValueShape.Enum ? "Enum" : "Text")}(Text) }},")}}
            {{Lines(objects.Select(alternative => $"{type.Name}Kind.{alternative.KindName} => new {alternative.Type.Name}View(_json, _self, _nested).ToWritable(),"))}}
            _ => new {{type.Name}}Json { Value = new RawJsonView(_json, _self).ToOwned() },
        };
        """);

    private static bool IsText(AlternativeModel alternative) => alternative.Type.Shape is ValueShape.Text or ValueShape.Enum;
}
