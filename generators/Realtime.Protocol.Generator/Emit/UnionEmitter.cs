using System.Collections.Generic;
using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.GeneratedFile;

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
        CodeWriter code = Begin(resolved.Family, type.SourceFile);
        EmitKinds(code, type);
        code.Line();
        EmitWriteTypes(code, type);
        code.Line();
        EmitView(code, type);
        return code.ToString();
    }

    private static void EmitKinds(CodeWriter code, TypeModel type)
    {
        code.SummaryXml($"The alternatives of <see cref=\"{type.Name}\"/>.")
            .Line(Attribute)
            .Open($"public enum {type.Name}Kind : byte")
            .Summary("Absent, null, or an alternative that is not known today.")
            .Line("Unknown = 0,");
        int number = 0;
        foreach (AlternativeModel alternative in type.Alternatives)
        {
            code.Line()
                .Summary(alternative.Description.Length > 0 ? alternative.Description : alternative.KindName)
                .Line($"{alternative.KindName} = {++number},");
        }

        code.Close();
    }

    private static void EmitWriteTypes(CodeWriter code, TypeModel type)
    {
        AlternativeModel? text = Text(type);
        code.Summary(type.Description)
            .Line(Attribute)
            .Open($"public abstract class {type.Name} : {Wire}IJsonWritable")
            .Open($"private protected {type.Name}()")
            .Close();
        if (text is not null)
        {
            code.Line()
                .Summary("The alternative that is a text.")
                .Line($"public static implicit operator {type.Name}(string text) => new {type.Name}Text {{ Value = text }};");
            if (text.Type.Shape == ValueShape.Enum)
            {
                code.Line()
                    .Summary("The alternative that is a text, with a value known today.")
                    .Line($"public static implicit operator {type.Name}({text.Type.Name} value) => new {type.Name}Text {{ Value = value }};");
            }
        }

        code.Line()
            .Line("/// <inheritdoc/>")
            .Line($"void {Wire}IJsonWritable.WriteTo<TSink>(scoped ref TSink sink) => WriteAlternative(ref sink);")
            .Line()
            .Summary("Writes whichever alternative this is.")
            .Line("internal void WriteAlternative<TSink>(scoped ref TSink sink)")
            .Line($"    where TSink : struct, {Wire}IJsonSink, allows ref struct")
            .OpenBlock()
            .Open("switch (this)");
        foreach (AlternativeModel alternative in type.Alternatives)
        {
            code.Line($"case {TypeName(type, alternative)} value:")
                .Line("    value.WriteMembers(ref sink);")
                .Line("    break;");
        }

        code.Line($"case {type.Name}Json value:")
            .Line($"    {Wire}JsonWrite.Require(value.Value.Presence, nullable: false, {Literal(type.Name + "Json")}, \"Value\");")
            .Line("    sink.Raw(value.Value.Utf8);")
            .Line("    break;")
            .Close().Close().Close()
            .Line()
            .SummaryXml($"A <see cref=\"{type.Name}\"/> of an alternative that is not known today: any JSON.")
            .Line(Attribute)
            .Open($"public sealed class {type.Name}Json : {type.Name}")
            .Summary("The JSON.")
            .Line($"public required {Root}RawJson Value {{ get; set; }}")
            .Close();
        if (text is not null)
        {
            EmitText(code, type, text);
        }
    }

    private static void EmitText(CodeWriter code, TypeModel type, AlternativeModel text)
    {
        bool known = text.Type.Shape == ValueShape.Enum;
        code.Line()
            .SummaryXml($"A <see cref=\"{type.Name}\"/> that is a text.")
            .Line(Attribute)
            .Open($"public sealed class {type.Name}Text : {type.Name}")
            .Summary("The text.")
            .Line($"public required {(known ? $"{Api}OpenEnum<{text.Type.Name}>" : $"{Api}Text")} Value {{ get; set; }}")
            .Line()
            .Summary("Writes this alternative.")
            .Line("internal void WriteMembers<TSink>(scoped ref TSink sink)")
            .Line($"    where TSink : struct, {Wire}IJsonSink, allows ref struct")
            .OpenBlock()
            .Line($"{Wire}JsonWrite.Require(Value.Presence, nullable: false, {Literal(type.Name + "Text")}, \"Value\");")
            .Line(known ? $"{Wire}JsonWrite.EnumValue<TSink, {text.Type.Name}, {text.Type.Name}Names>(ref sink, Value);" : "sink.String(Value);")
            .Close()
            .Close();
    }

    private static void EmitView(CodeWriter code, TypeModel type)
    {
        string view = type.Name + "View";
        AlternativeModel? text = Text(type);
        List<AlternativeModel> objects = [.. type.Alternatives.Where(static alternative => alternative.Type.Shape == ValueShape.Object)];
        IReadOnlyList<MemberModel> common = type.CommonMembers;
        bool tagged = objects.Any(static alternative => alternative.Tag is not null);
        code.Summary(type.Description)
            .Remarks("A view: valid as long as the message's buffer is.")
            .Line(Attribute)
            .Open($"public readonly ref struct {view} : {Wire}IJsonView<{view}>, {Wire}IWritableView<{view}, {type.Name}>")
            .Line($"private readonly {Bytes} _json;")
            .Line($"private readonly {Wire}Slot _self;");
        if (tagged)
        {
            code.Line("private readonly Slots _slots;");
        }

        code.Line()
            .Open($"private {view}({Bytes} json, {Wire}Slot self)")
            .Line("_json = json;")
            .Line("_self = self;")
            .Open("if (self.HasValue)")
            .Line($"var cursor = {Wire}JsonCursor.OfChecked(json, self.Start);")
            .Line(tagged ? "Kind = Classify(ref cursor, _slots, onlyType: false);" : "Kind = Classify(ref cursor);")
            .Close()
            .Close();
        ObjectEmitter.EmitSelf(code);
        code.Line()
            .Summary("Which alternative this is.")
            .Line($"public {type.Name}Kind Kind {{ get; }}");
        if (tagged)
        {
            code.Line()
                .Summary("The alternative's type as it stands on the wire.")
                .Line($"public {Api}TextView Type => new(_json, _slots[0]);");
        }

        for (int i = 0; i < common.Count; i++)
        {
            code.Line()
                .Summary(ReadCode.Describe(common[i]))
                .Line($"public {MemberCode.ViewType(common[i])} {common[i].Name} => {MemberCode.Getter(common[i], "_json", $"_slots[{i + 1}]")};");
        }

        EmitAlternatives(code, type, text, objects);
        ObjectEmitter.EmitJson(code, isSequenced: false);
        EmitToWritable(code, type, text, objects);
        code.Line()
            .Line("/// <inheritdoc/>")
            .Line($"public static {view} Bind({Bytes} json, {Wire}Slot slot) => new(json, slot);");
        UnionReadCode.EmitPassInOrder(code, type, objects, tagged);
        UnionReadCode.EmitValidate(code, type, text, objects, tagged);
        UnionReadCode.EmitClassify(code, type, text, objects, common, tagged);
        if (tagged)
        {
            ObjectEmitter.EmitSlots(code, common.Count + 1);
        }

        code.Close();
    }

    private static void EmitAlternatives(CodeWriter code, TypeModel type, AlternativeModel? text, List<AlternativeModel> objects)
    {
        if (text is not null)
        {
            bool known = text.Type.Shape == ValueShape.Enum;
            string read = $"{Wire}JsonCursor.TextAt(_json, _self)";
            code.Line()
                .Summary("The alternative that is a text; absent when this is another one.")
                .Line(known
                    ? $"public {Api}EnumView<{text.Type.Name}> Text => {Wire}EnumReader.Read<{text.Type.Name}, {text.Type.Name}Names>(_json, {read});"
                    : $"public {Api}TextView Text => new(_json, {read});");
        }

        foreach (AlternativeModel alternative in objects)
        {
            code.Line()
                .SummaryXml($"The view of this alternative. False, with an absent view, when <see cref=\"Kind\"/> is another one.")
                .Open($"public bool TryGet{alternative.KindName}(out {alternative.Type.Name}View view)")
                .Line($"bool matches = Kind == {type.Name}Kind.{alternative.KindName};")
                .Line($"view = matches ? {alternative.Type.Name}View.Bind(_json, _self) : default;")
                .Line("return matches;")
                .Close();
        }
    }

    private static void EmitToWritable(CodeWriter code, TypeModel type, AlternativeModel? text, List<AlternativeModel> objects)
    {
        code.Line()
            .Summary("A copy to change and to write, unknown members included. Allocates.")
            .Open($"public {type.Name} ToWritable() => Kind switch");
        if (text is not null)
        {
            string copy = text.Type.Shape == ValueShape.Enum ? "Enum" : "Text";
            code.Line($"{type.Name}Kind.Text => new {type.Name}Text {{ Value = {Wire}Copy.{copy}(Text) }},");
        }

        foreach (AlternativeModel alternative in objects)
        {
            code.Line($"{type.Name}Kind.{alternative.KindName} => {alternative.Type.Name}View.Bind(_json, _self).ToWritable(),");
        }

        code.Line($"_ => new {type.Name}Json {{ Value = new {Api}RawJsonView(_json, _self).ToOwned() }},").Close(";");
    }

    private static AlternativeModel? Text(TypeModel type) => type.Alternatives.FirstOrDefault(static alternative => alternative.KindName == "Text" && alternative.Type.Shape is ValueShape.Text or ValueShape.Enum);

    private static string TypeName(TypeModel type, AlternativeModel alternative) =>
        alternative.Type.Shape is ValueShape.Text or ValueShape.Enum ? type.Name + "Text" : alternative.Type.Name;
}
