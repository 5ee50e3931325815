using System.Collections.Generic;
using System.Linq;
using System.Text;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.GeneratedFile;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>How a union is read: which alternative came is told by its tag, or by the shape of its JSON.</summary>
internal static class UnionReadCode
{
    /// <summary>
    /// The fast path of a value. An alternative that is known is read in order or not at all: were it read strictly when it
    /// declines, each union around it would read it twice again, and unions in unions would take twice as long for each level.
    /// </summary>
    public static void EmitPassInOrder(CodeWriter code, TypeModel type, List<AlternativeModel> objects, bool tagged)
    {
        string strictly = $"{Wire}OrderedReader.PassStrictly<{type.Name}View>(json, at, depth)";
        code.Line()
            .Line("/// <inheritdoc/>");
        if (objects.Count == 0)
        {
            code.Line($"public static int PassInOrder({Bytes} json, int at, int depth) => {strictly};");
            return;
        }

        code.Open($"public static int PassInOrder({Bytes} json, int at, int depth)")
            .Line($"var ahead = {Wire}JsonCursor.OfChecked(json, at);");
        if (tagged)
        {
            code.Line("Slots slots = default;");
        }

        code.Open($"return Classify(ref ahead{(tagged ? ", slots, onlyType: true" : "")}) switch");
        foreach (AlternativeModel alternative in objects)
        {
            code.Line($"{type.Name}Kind.{alternative.KindName} => {alternative.Type.Name}View.PassInOrder(json, at, depth),");
        }

        code.Line($"_ => {strictly},")
            .Close(";")
            .Close();
    }

    /// <summary>Checks a value: its alternative is looked up ahead and then reads it.</summary>
    public static void EmitValidate(CodeWriter code, TypeModel type, AlternativeModel? text, List<AlternativeModel> objects, bool tagged)
    {
        code.Line()
            .Line("/// <inheritdoc/>")
            .Open($"public static bool Validate(ref {Wire}JsonCursor json)");
        if (text is not null)
        {
            code.Open("if (json.Peek() == (byte)'\"')")
                .Line($"{Wire}Slot text = default;")
                .Line("return json.ReadText(ref text, nullable: false);")
                .Close()
                .Line()
                .Open("if (!json.ExpectTextOrObject())")
                .Line("return false;")
                .Close()
                .Line();
        }

        code.Line($"{Wire}JsonCursor ahead = json.Ahead();");
        if (tagged)
        {
            code.Line("Slots slots = default;");
        }

        code.Open($"switch (Classify(ref ahead{(tagged ? ", slots, onlyType: true" : "")}))");
        foreach (AlternativeModel alternative in objects)
        {
            code.Line($"case {type.Name}Kind.{alternative.KindName}:")
                .Line($"    return {alternative.Type.Name}View.Validate(ref json);");
        }

        code.Line("default:")
            .Line("    return json.SkipKnownObject();")
            .Close()
            .Close();
    }

    /// <summary>Finds the alternative, on a fast path and a strict one.</summary>
    public static void EmitClassify(CodeWriter code, TypeModel type, AlternativeModel? text, List<AlternativeModel> objects, IReadOnlyList<MemberModel> common, bool tagged)
    {
        code.Line()
            .Summary(tagged ? "Finds the alternative by its type, and notes the members that all alternatives share." : "Finds the alternative by the shape of its JSON.")
            .Open($"private static {type.Name}Kind Classify(ref {Wire}JsonCursor json{(tagged ? $", scoped global::System.Span<{Wire}Slot> slots, bool onlyType" : "")})");
        if (text is not null)
        {
            code.Open("if (json.Peek() == (byte)'\"')").Line($"return {type.Name}Kind.Text;").Close().Line();
        }

        if (!tagged)
        {
            code.Line(objects.Count > 0
                    ? $"return json.Peek() == (byte)'{{' ? {type.Name}Kind.{objects[0].KindName} : {type.Name}Kind.Unknown;"
                    : $"return {type.Name}Kind.Unknown;")
                .Close();
            return;
        }

        // All members that are looked for were found: their alternative is known, and nothing behind them counts.
        string[] names = ["type", .. common.Select(static member => member.WireName)];
        string allFound = "slots[0].HasValue" + (common.Count == 0 ? "" : $" && (onlyType || {string.Join(" && ", common.Select(static (_, index) => $"slots[{index + 1}].HasValue"))})");
        code.Line("// Fast path: members in any order, without white space.")
            .Open("if (!json.IsStrict)")
            .Line($"int at = {Wire}OrderedReader.Open(json.Json, json.Position);")
            .Open("while (at >= 0)");
        for (int i = 0; i < names.Length; i++)
        {
            string name = JsonName(names[i]);
            code.Line($"{(i == 0 ? "at =" : "    :")} {Wire}OrderedReader.Has(json.Json, at, {Literal(name)}u8) ? {Wire}OrderedReader.Text(json.Json, at + {Encoding.UTF8.GetByteCount(name)}, false, ref slots[{i}])");
        }

        code.Line($"    : {Wire}OrderedReader.PassMember(json.Json, at);")
            .Open($"if ({allFound})").Line("return KindOf(json.Json, slots[0]);").Close().Line()
            .Line($"at = {Wire}OrderedReader.IsComma(json.Json, at) ? at + 1 : {Wire}OrderedReader.Declined;")
            .Close().Line()
            .Line("slots.Clear();")
            .Close().Line()
            .Open("if (!json.BeginKnownObject(out bool more))").Line($"return {type.Name}Kind.Unknown;").Close().Line()
            .Open($"while (more && json.ReadName(out {Wire}Slot name))")
            .Line($"bool read = {Wire}JsonEscapes.ValueEquals(json.Json, name, \"type\"u8) ? json.ReadTextOrSkip(ref slots[0])");
        for (int i = 0; i < common.Count; i++)
        {
            code.Line($"    : {Wire}JsonEscapes.ValueEquals(json.Json, name, {Literal(common[i].WireName)}u8) ? json.ReadTextOrSkip(ref slots[{i + 1}])");
        }

        code.Line("    : json.Skip();")
            .Open("if (!read || (onlyType && slots[0].HasValue) || !json.NextMember(out more))").Line("break;").Close()
            .Close()
            .Line()
            .Line("return KindOf(json.Json, slots[0]);")
            .Close();
        EmitKindOf(code, type, objects);
    }

    /// <summary>The alternative by its tag: length first, then one comparison.</summary>
    private static void EmitKindOf(CodeWriter code, TypeModel type, List<AlternativeModel> objects)
    {
        AlternativeModel? untagged = objects.FirstOrDefault(static alternative => alternative.Tag is null);
        string otherwise = $"{type.Name}Kind.{(untagged is null ? "Unknown" : untagged.KindName)}";
        List<AlternativeModel> tagged = [.. objects.Where(static alternative => alternative.Tag is not null)];
        code.Line()
            .Open($"private static {type.Name}Kind KindOf({Bytes} message, {Wire}Slot slot)")
            .Open("if (!slot.HasValue)").Line($"return {otherwise};").Close().Line()
            .Line($"{Bytes} tag = slot.In(message);")
            .Open("if (slot.IsEscaped)")
            .Line($"global::System.Span<byte> decoded = stackalloc byte[{tagged.Max(static alternative => Encoding.UTF8.GetByteCount(alternative.Tag!))}];")
            .Line($"return {Wire}JsonEscapes.TryDecodeName(tag, decoded, out int length) ? KindOf(decoded[..length]) : {otherwise};")
            .Close()
            .Line()
            .Line("return KindOf(tag);")
            .Close()
            .Line()
            .Open($"private static {type.Name}Kind KindOf({Bytes} tag)")
            .Open("switch (tag.Length)");
        foreach (var group in tagged.GroupBy(static alternative => Encoding.UTF8.GetByteCount(alternative.Tag!)).OrderBy(static group => group.Key))
        {
            foreach (AlternativeModel alternative in group)
            {
                code.Case(group.Key, "tag", alternative.Tag!, $"return {type.Name}Kind.{alternative.KindName};");
            }
        }

        code.Line("default:").Line($"    return {otherwise};").Close().Close();
    }
}
