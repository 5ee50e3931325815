using System.Collections.Generic;
using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.Code;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>How a union is read: which alternative came is told by its tag, or by the shape of its JSON.</summary>
internal static class UnionReadCode
{
    /// <summary>Checks a value: its alternative is looked up ahead and then reads it.</summary>
    public static string Validate(TypeModel type, AlternativeModel? text, AlternativeModel[] objects, bool tagged) => Of($$"""
        /// <summary>Looks ahead for the alternative, which then reads the value.</summary>
        static bool Wire.IJsonView<{{type.Name}}View>.Validate(ref Wire.JsonCursor json)
        {
            {{If(text is not null, """
                if (json.Peek() == (byte)'"')
                {
                    Wire.Slot text = default;
                    return json.ReadText(ref text, nullable: false);
                }

                if (!json.ExpectTextOrObject())
                {
                    return false;
                }

                """)}}
            Wire.JsonCursor ahead = json.Ahead();
            {{If(tagged, "Slots slots = default;")}}
            return Classify(ref ahead{{If(tagged, ", slots, onlyType: true")}}) switch
            {
                {{Lines(objects.Select(alternative => $"{type.Name}Kind.{alternative.KindName} => json.Validate<{alternative.Type.Name}View>(),"))}}
                _ => json.SkipKnownObject(),
            };
        }
        """);

    /// <summary>
    /// The fast path of a value. An alternative that is known is read in order or not at all: were it read strictly when it
    /// declines, each union around it would read it twice again, and unions in unions would take twice as long for each level.
    /// </summary>
    public static string PassInOrder(TypeModel type, AlternativeModel[] objects, bool tagged) => objects.Length == 0
        ? Of($$"""
            /// <inheritdoc/>
            static int Wire.IJsonView<{{type.Name}}View>.PassInOrder(ReadOnlySpan<byte> json, int at, int depth, Wire.NestedTable? nested) =>
                Wire.OrderedReader.PassStrictly<{{type.Name}}View>(json, at, depth);
            """)
        : Of($$"""
            /// <summary>Looks ahead for the alternative, which then passes over the value in order or not at all.</summary>
            static int Wire.IJsonView<{{type.Name}}View>.PassInOrder(ReadOnlySpan<byte> json, int at, int depth, Wire.NestedTable? nested)
            {
                var ahead = Wire.JsonCursor.OfChecked(json, at);
                {{If(tagged, "Slots slots = default;")}}
                return Classify(ref ahead{{If(tagged, ", slots, onlyType: true")}}) switch
                {
                    {{Lines(objects.Select(alternative => $"{type.Name}Kind.{alternative.KindName} => Wire.OrderedReader.Pass<{alternative.Type.Name}View>(json, at, depth, nested),"))}}
                    _ => Wire.OrderedReader.PassStrictly<{{type.Name}}View>(json, at, depth),
                };
            }
            """);

    public static string ClassifyByShape(TypeModel type, AlternativeModel? text, AlternativeModel[] objects) => Of($$"""
        /// <summary>Finds the alternative by the shape of its JSON.</summary>
        private static {{type.Name}}Kind Classify(ref Wire.JsonCursor json) => json.Peek() switch
        {
            {{If(text is not null, $"(byte)'\"' => {type.Name}Kind.Text,")}}
            {{If(objects.Length > 0, $"(byte)'{{' => {type.Name}Kind.{objects.Select(static alternative => alternative.KindName).FirstOrDefault()},")}}
            _ => {{type.Name}}Kind.Unknown,
        };
        """);

    /// <summary>Finds the alternative on a fast path and a strict one. Once all that is looked for was found, nothing behind it counts.</summary>
    public static string ClassifyByTag(TypeModel type, AlternativeModel? text, AlternativeModel[] objects)
    {
        (string WireName, string Name)[] members = [("type", "Type"), .. type.CommonMembers.Select(static member => (member.WireName, member.Name))];
        return Of($$"""
            /// <summary>Finds the alternative by its type{{If(members.Length > 1, ", and notes the members that all alternatives share")}}.</summary>
            private static {{type.Name}}Kind Classify(ref Wire.JsonCursor json, scoped Span<Wire.Slot> slots, bool onlyType)
            {
                {{If(text is not null, Of($$"""
                    if (json.Peek() == (byte)'"')
                    {
                        return {{type.Name}}Kind.Text;
                    }

                    """))}}
                // Fast path: members in any order, without white space.
                if (!json.IsStrict)
                {
                    int at = Wire.OrderedReader.Open(json.Json, json.Position);
                    while (at >= 0)
                    {
                        {{string.Join("\nelse ", members.Select(static member => Of($$"""
                            if (Wire.OrderedReader.Has(json.Json, at, {{Utf8(JsonName(member.WireName))}}))
                            {
                                at = Wire.OrderedReader.Text(json.Json, at + {{Utf8(JsonName(member.WireName))}}.Length, nullable: false, ref slots[Member.{{member.Name}}]);
                            }
                            """)))}}
                        else
                        {
                            at = Wire.OrderedReader.PassMember(json.Json, at);
                        }

                        if ({{AllFound(members)}})
                        {
                            return KindOf(json.Json, slots[Member.Type]);
                        }

                        at = Wire.OrderedReader.IsComma(json.Json, at) ? at + 1 : Wire.OrderedReader.Declined;
                    }

                    slots.Clear();
                }

                if (!json.BeginKnownObject(out bool more))
                {
                    return {{type.Name}}Kind.Unknown;
                }

                while (more && json.ReadName(out Wire.Slot name))
                {
                    {{(members.Length == 1
                        ? """bool read = Wire.JsonEscapes.ValueEquals(json.Json, name, "type"u8) ? json.ReadTextOrSkip(ref slots[Member.Type]) : json.Skip();"""
                        : Of($$"""
                            bool read = {{string.Join("\n    : ", members.Select(static member => $"Wire.JsonEscapes.ValueEquals(json.Json, name, {Utf8(member.WireName)}) ? json.ReadTextOrSkip(ref slots[Member.{member.Name}])"))}}
                                : json.Skip();
                            """))}}
                    if (!read || (onlyType && slots[Member.Type].HasValue) || !json.NextMember(out more))
                    {
                        break;
                    }
                }

                return KindOf(json.Json, slots[Member.Type]);
            }

            {{Paragraphs(KindOf(type, objects), MemberConstants(members.Select(static member => member.Name)), ObjectEmitter.SlotsOf(members.Length))}}
            """);
    }

    private static string AllFound((string WireName, string Name)[] members)
    {
        const string Type = "slots[Member.Type].HasValue";
        return members.Length == 1 ? Type : $"{Type} && (onlyType || {string.Join(" && ", members.Skip(1).Select(static member => $"slots[Member.{member.Name}].HasValue"))})";
    }

    /// <summary>The alternative by its tag; the one without a tag, where there is one, is any other.</summary>
    private static string KindOf(TypeModel type, IReadOnlyList<AlternativeModel> objects)
    {
        string kind = type.Name + "Kind";
        string otherwise = $"{kind}.{objects.FirstOrDefault(static alternative => alternative.Tag is null)?.KindName ?? "Unknown"}";
        AlternativeModel[] tagged = [.. objects.Where(static alternative => alternative.Tag is not null)];
        return Of($$"""
            /// <summary>The alternative whose type lies here. A type with escapes is decoded first.</summary>
            private static {{kind}} KindOf(ReadOnlySpan<byte> message, Wire.Slot slot)
            {
                if (!slot.HasValue)
                {
                    return {{otherwise}};
                }

                ReadOnlySpan<byte> tag = slot.In(message);
                if (!slot.IsEscaped)
                {
                    return KindOf(tag);
                }

                const int LongestTag = {{LongestOf(tagged.Select(static alternative => alternative.Tag!))}};
                Span<byte> decoded = stackalloc byte[LongestTag];
                return Wire.JsonEscapes.TryDecodeName(tag, decoded, out int length) ? KindOf(decoded[..length]) : {{otherwise}};
            }

            /// <summary>The same for a type without escapes: its length tells most types apart, one comparison the rest.</summary>
            private static {{kind}} KindOf(ReadOnlySpan<byte> tag) => tag.Length switch
            {
                {{ArmsByText("tag", tagged.Select(alternative => (alternative.Tag!, $"{kind}.{alternative.KindName}")))}}
                _ => {{otherwise}},
            };
            """);
    }
}
