using System.Collections.Generic;
using System.Linq;
using System.Text;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.GeneratedFile;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>What views of events and of objects share: reading the members into slots, and showing them.</summary>
internal static class ReadCode
{
    private const string Slots = $"global::System.Span<{Wire}Slot>";

    /// <summary>One property per member.</summary>
    public static void EmitGetters(CodeWriter code, IEnumerable<MemberModel> members, bool inEvent, string? audio = null)
    {
        int slot = 0;
        foreach (MemberModel member in members)
        {
            code.Line().Summary(Describe(member));
            if (member.IsDeprecated)
            {
                code.Line($"[global::System.Obsolete({Literal($"The protocol has deprecated '{member.WireName}'.")})]");
            }

            string getter = member.Type.Shape == ValueShape.Base64 && audio is not null
                ? audio.Replace("{slot}", $"_slots[{slot}]")
                : MemberCode.Getter(member, "_json", $"_slots[{slot}]");
            code.Line($"public {(inEvent ? "readonly " : "")}{MemberCode.ViewType(member)} {member.Name} => {getter};");
            slot++;
        }
    }

    /// <summary>The strict reading of an object: every known member once, with its type; unknown ones skipped but checked.</summary>
    /// <param name="audio">The member whose bytes go to the reader's destination.</param>
    /// <param name="hasFastPath">True when the object is first taken for one whose members come in order.</param>
    public static void EmitTryRead(CodeWriter code, IReadOnlyList<MemberModel> members, MemberModel? audio, bool hasFastPath)
    {
        code.Line()
            .Summary("Reads and checks one value, and notes where its members lie.")
            .Open($"internal static bool TryRead(scoped ref {Wire}JsonCursor json, scoped {Slots} slots{(audio is null ? "" : ", scoped global::System.Span<byte> audio, out int decoded")})");
        if (audio is not null)
        {
            code.Line("decoded = -1;");
        }

        if (hasFastPath)
        {
            code.Line("// Fast path: members in the order of the schema.")
                .Open("if (!json.IsStrict)")
                .Line("int end = ReadInOrder(json.Json, json.Position, json.DepthOfMembers, slots);")
                .Open("if (end >= 0)").Line("return json.MoveTo(end);").Close().Line()
                .Line("slots.Clear();")
                .Close()
                .Line();
        }

        code.Open("if (!json.BeginKnownObject(out bool more))").Line("return false;").Close().Line()
            .Open("while (more)")
            .Open($"if (!json.ReadName(out {Wire}Slot name))").Line("return false;").Close().Line()
            .Open("bool read = MemberOf(json.Json, name) switch");
        for (int i = 0; i < members.Count; i++)
        {
            code.Line($"{i} => {Read(members[i], i, audio)},");
        }

        code.Line("_ => json.Skip(),").Close(";")
            .Open("if (!read || !json.NextMember(out more))").Line("return false;").Close()
            .Close()
            .Line();
        List<string> required = [];
        for (int i = 0; i < members.Count; i++)
        {
            if (members[i].IsRequired)
            {
                required.Add($"json.Require(slots[{i}], {Literal(members[i].WireName)})");
            }
        }

        code.Line(required.Count == 0 ? "return true;" : $"return {string.Join(" && ", required)};").Close();
        EmitMemberOf(code, members);
    }

    /// <summary>The fast path of an object: members in the order of the schema, those that need not be there left out as it comes.</summary>
    public static void EmitReadInOrder(CodeWriter code, IReadOnlyList<MemberModel> members)
    {
        code.Line()
            .Summary("The fast path: members in this order, without white space. The place behind the object, or a negative number; slots may have been written to then.")
            .Line("[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]")
            .Open($"internal static int ReadInOrder({Bytes} json, int at, int depth, scoped {Slots} slots)")
            .Line($"slots = slots[..{members.Count}];")
            .Line($"at = {Wire}OrderedReader.Open(json, at);");
        for (int i = 0; i < members.Count; i++)
        {
            string name = JsonName(members[i].WireName);
            string has = $"{Wire}OrderedReader.Has(json, at, {Literal(name)}u8)";
            string read = MemberCode.ReadInOrder(members[i], $"at + {Encoding.UTF8.GetByteCount(name)}", i);
            if (members[i].IsRequired)
            {
                code.Open($"if (!{has})").Line($"return {Wire}OrderedReader.Declined;").Close().Line();
            }
            else
            {
                code.Open($"if ({has})");
            }

            if (i + 1 == members.Count)
            {
                code.Line($"return {Wire}OrderedReader.Close(json, {read});");
            }
            else
            {
                bool mayEnd = !members.Skip(i + 1).Any(static member => member.IsRequired);
                code.Line($"at = {read};")
                    .Open($"if (!{Wire}OrderedReader.IsComma(json, at))")
                    .Line($"return {(mayEnd ? $"{Wire}OrderedReader.Close(json, at)" : $"{Wire}OrderedReader.Declined")};")
                    .Close()
                    .Line()
                    .Line("at++;");
            }

            if (!members[i].IsRequired)
            {
                code.Close().Line();
            }
        }

        if (!members[members.Count - 1].IsRequired)
        {
            code.Line($"return {Wire}OrderedReader.Declined;");
        }

        code.Close();
    }

    private static string Read(MemberModel member, int slot, MemberModel? audio) =>
        ReferenceEquals(member, audio)
            ? $"json.ReadBase64(ref slots[{slot}], {(MemberCode.Plain(member) ? "false" : "true")}, audio, out decoded)"
            : MemberCode.Read(member, slot);

    /// <summary>The copy that one can keep, change and write.</summary>
    public static void EmitToWritable(CodeWriter code, TypeModel type, bool inEvent)
    {
        code.Line()
            .Summary("A copy to change and to write, unknown members included. Allocates.")
            .Open($"public {(inEvent ? "readonly " : "")}{type.Name} ToWritable() => new()");
        foreach (MemberModel member in type.Members.Where(static member => member.Const is null))
        {
            code.Line($"{member.Name} = {MemberCode.Copy(member, inEvent)},");
        }

        if (type.Members.Count > 0)
        {
            string self = inEvent ? $"{Wire}Slot.Value(0, _json.Length)" : "_self";
            code.Line($"UnknownMembers = {Wire}Copy.Unknown(_json, {self}, MemberOf),");
        }

        code.Close(";");
    }

    /// <summary>A member's description, with what it means to leave it out.</summary>
    public static string Describe(MemberModel member)
    {
        var text = new StringBuilder(member.Description.Length > 0 ? member.Description : $"The member `{member.WireName}`.");
        return text.ToString();
    }

    /// <summary>The position of a member by its name: length first, then one comparison.</summary>
    private static void EmitMemberOf(CodeWriter code, IReadOnlyList<MemberModel> members)
    {
        code.Line()
            .Open($"private static int MemberOf({Bytes} message, {Wire}Slot slot)");
        int longest = members.Max(static member => Encoding.UTF8.GetByteCount(member.WireName));
        code.Line($"{Bytes} name = slot.In(message);")
            .Open("if (slot.IsEscaped)")
            .Line($"global::System.Span<byte> decoded = stackalloc byte[{longest}];")
            .Line($"return {Wire}JsonEscapes.TryDecodeName(name, decoded, out int length) ? MemberOf(decoded[..length]) : -1;")
            .Close()
            .Line()
            .Line("return MemberOf(name);")
            .Close()
            .Line()
            .Open($"private static int MemberOf({Bytes} name)")
            .Open("switch (name.Length)");
        foreach (var group in members.Select(static (member, index) => (member.WireName, Index: index, Length: Encoding.UTF8.GetByteCount(member.WireName))).GroupBy(static member => member.Length).OrderBy(static group => group.Key))
        {
            foreach ((string wireName, int index, _) in group)
            {
                code.Case(group.Key, "name", wireName, $"return {index};");
            }
        }

        code.Line("default:").Line("    return -1;").Close().Close();
    }
}
