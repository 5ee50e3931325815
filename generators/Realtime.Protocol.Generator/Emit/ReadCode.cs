using System.Collections.Generic;
using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.Code;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>What views of events and of objects share: reading the members into slots, and showing them.</summary>
internal static class ReadCode
{
    private const string Slots = "scoped Span<Wire.Slot> slots";

    /// <summary>One property per member.</summary>
    /// <param name="members">The members, in the order of their slots.</param>
    /// <param name="inEvent">Views of events are not readonly as a whole.</param>
    /// <param name="decodedAudio">True where the audio may have been decoded while the event was read.</param>
    /// <param name="remembersObjects">True where the view is told what the reader remembers of nested objects.</param>
    public static string Getters(IEnumerable<MemberModel> members, bool inEvent, bool decodedAudio = false, bool remembersObjects = true) => Paragraphs(members.Select(member =>
    {
        string slot = $"_slots[Member.{member.Name}]";
        string getter = decodedAudio && member.Type.Shape == ValueShape.Base64
            ? $"_isDecoded ? new(_json, {slot}, _audio, _original) : new(_json, {slot})"
            : MemberCode.Getter(member, "_json", slot, remembersObjects);
        return Of($$"""
            {{Summary(Describe(member))}}
            {{Deprecation(member)}}
            public {{(inEvent ? "readonly " : "")}}{{MemberCode.ViewType(member)}} {{member.Name}} => {{getter}};
            """);
    }));

    /// <summary>The strict reading of an object: every known member once, with its type; unknown ones skipped but checked.</summary>
    /// <param name="members">The members, in the order of their slots.</param>
    /// <param name="audio">The member whose bytes go to the reader's destination.</param>
    /// <param name="hasFastPath">True when the object is first taken for one whose members come in order.</param>
    public static string TryRead(IReadOnlyList<MemberModel> members, MemberModel? audio, bool hasFastPath) => Of($$"""
        /// <summary>Reads and checks the whole object, members in any order, and notes where they lie.</summary>
        internal static bool TryRead(scoped ref Wire.JsonCursor json, {{Slots}}{{(audio is null ? "" : ", scoped Span<byte> audio, out int decoded")}})
        {
            {{If(audio is not null, "decoded = -1;")}}
            {{If(hasFastPath, Of($$"""
                // Fast path: members in the order of the schema.
                if (!json.IsStrict)
                {
                    int end = ReadInOrder(json.Json, json.Position, json.DepthOfMembers, json.Nested, slots);
                    if (end >= 0)
                    {
                        return json.MoveTo(end);
                    }

                    slots.Clear();
                }

                """))}}
            if (!json.BeginKnownObject(out bool more))
            {
                return false;
            }

            while (more)
            {
                if (!json.ReadName(out Wire.Slot name))
                {
                    return false;
                }

                bool read = MemberOf(json.Json, name) switch
                {
                    {{Lines(members.Select(member => $"Member.{member.Name} => {Read(member, audio)},"))}}
                    _ => json.Skip(),
                };
                if (!read || !json.NextMember(out more))
                {
                    return false;
                }
            }

            return {{Required(members)}};
        }
        """);

    /// <summary>The fast path of an object: members in the order of the schema, those that need not be there left out as it comes.</summary>
    public static string ReadInOrder(IReadOnlyList<MemberModel> members) => Of($$"""
        /// <summary>
        /// The fast path: members in the order of the schema, without white space, optional ones left out or not. Returns the offset
        /// after the object, or a negative number when <c>TryRead</c> must read it; then some slots may have been written to.
        /// </summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        internal static int ReadInOrder(ReadOnlySpan<byte> json, int at, int depth, Wire.NestedTable? nested, {{Slots}})
        {
            // One check of the length for all members.
            slots = slots[..{{members.Count}}];
            at = Wire.OrderedReader.Open(json, at);
            {{Lines(members.Select((member, slot) => InOrder(member, isLast: slot == members.Count - 1, mayEnd: !members.Skip(slot + 1).Any(static other => other.IsRequired))))}}
        }
        """);

    /// <summary>The copy that one can keep, change and write.</summary>
    public static string ToWritable(TypeModel type, bool inEvent) => Of($$"""
        /// <summary>A copy to change and to write, unknown members included. Allocates.</summary>
        public {{(inEvent ? "readonly " : "")}}{{type.Name}} ToWritable() => new()
        {
            {{Lines(type.Members.Where(static member => member.Const is null).Select(member => $"{member.Name} = {MemberCode.Copy(member, inEvent)},"))}}
            {{If(type.Members.Count > 0, $"UnknownMembers = Views.Copy.Unknown(_json, {(inEvent ? "Wire.Slot.Value(0, _json.Length)" : "_self")}, MemberOf),")}}
        };
        """);

    /// <summary>A member's description; for one that the schema does not describe, its name or its only value.</summary>
    public static string Describe(MemberModel member) =>
        member.Description.Length > 0 ? member.Description
        : member.Const is null ? $"The member `{member.WireName}`."
        : member.IsRequired ? $"Always `{member.Const}`."
        : $"Always `{member.Const}`, or absent.";

    /// <summary>A type's description, or where the schema gives none, its name on the wire.</summary>
    public static string Describe(TypeModel type) => type.Description.Length > 0 ? type.Description : $"The schema's `{type.WireName}`.";

    /// <summary>The attribute of a member that the protocol has deprecated.</summary>
    public static string Deprecation(MemberModel member) =>
        If(member.IsDeprecated, $"[Obsolete({Literal($"The protocol has deprecated '{member.WireName}'.")})]");

    /// <summary>The slot of a member by its name: one method for a name as it stands in the message, one for a name without escapes.</summary>
    public static string MemberOf(IReadOnlyList<MemberModel> members) => Of($$"""
        /// <summary>The slot of the member whose name lies here, or -1 for one that the schema does not know. A name with escapes is decoded first.</summary>
        private static int MemberOf(ReadOnlySpan<byte> message, Wire.Slot slot)
        {
            ReadOnlySpan<byte> name = slot.In(message);
            if (!slot.IsEscaped)
            {
                return MemberOf(name);
            }

            const int LongestName = {{LongestOf(members.Select(static member => member.WireName))}};
            Span<byte> decoded = stackalloc byte[LongestName];
            return Wire.JsonEscapes.TryDecodeName(name, decoded, out int length) ? MemberOf(decoded[..length]) : -1;
        }

        /// <summary>The same for a name without escapes: its length tells most names apart, one comparison the rest.</summary>
        private static int MemberOf(ReadOnlySpan<byte> name) => name.Length switch
        {
            {{ArmsByText("name", members.Select(static member => (member.WireName, $"Member.{member.Name}")))}}
            _ => -1,
        };

        {{MemberConstants(members.Select(static member => member.Name))}}
        """);

    private static string InOrder(MemberModel member, bool isLast, bool mayEnd)
    {
        string name = Utf8(JsonName(member.WireName));
        string has = $"Wire.OrderedReader.Has(json, at, {name})";
        string read = MemberCode.ReadInOrder(member, $"at + {name}.Length", $"slots[Member.{member.Name}]");
        string goOn = isLast
            ? Of($$"""
                at = {{read}};
                return Wire.OrderedReader.Close(json, at);
                """)
            : Of($$"""
                at = {{read}};
                if (!Wire.OrderedReader.IsComma(json, at))
                {
                    return {{(mayEnd ? "Wire.OrderedReader.Close(json, at)" : "Wire.OrderedReader.Declined")}};
                }

                at++;
                """);
        return member.IsRequired
            ? Of($$"""
                if (!{{has}})
                {
                    return Wire.OrderedReader.Declined;
                }

                {{goOn}}
                """)
            : Of($$"""
                if ({{has}})
                {
                    {{goOn}}
                }

                {{If(isLast, "return Wire.OrderedReader.Declined;")}}
                """);
    }

    private static string Read(MemberModel member, MemberModel? audio) =>
        ReferenceEquals(member, audio)
            ? $"json.ReadBase64(ref slots[Member.{member.Name}], {MemberCode.Nullable(member)}, audio, out decoded)"
            : MemberCode.Read(member, $"slots[Member.{member.Name}]");

    private static string Required(IEnumerable<MemberModel> members)
    {
        string[] required = [.. members.Where(static member => member.IsRequired).Select(static member => $"json.Require(slots[Member.{member.Name}], {Literal(member.WireName)})")];
        return required.Length == 0 ? "true" : string.Join("\n        && ", required);
    }
}
