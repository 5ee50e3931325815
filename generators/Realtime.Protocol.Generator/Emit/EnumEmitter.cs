using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.GeneratedFile;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>An enumeration of the values known today, and its names on the wire.</summary>
internal static class EnumEmitter
{
    public static string Emit(ResolvedType resolved)
    {
        TypeModel type = resolved.Type;
        CodeWriter code = Begin(resolved.Family, type.SourceFile);
        code.Summary(type.Description.Length > 0 ? type.Description : $"Values of {type.WireName}.")
            .Remarks("More values may appear on the wire at any time; a view reads them as `Unknown` and keeps their text.")
            .Line(Attribute)
            .Open($"public enum {type.Name} : byte")
            .Summary("Absent, null, or a value that is not known today.")
            .Line("Unknown = 0,");
        int number = 0;
        foreach (EnumValueModel value in type.Values)
        {
            code.Line()
                .Summary($"On the wire: `{value.WireValue}`.")
                .Line($"{value.Name} = {++number},");
        }

        code.Close().Line();
        EmitNames(code, type);
        return code.ToString();
    }

    private static void EmitNames(CodeWriter code, TypeModel type)
    {
        code.SummaryXml($"The values of <see cref=\"{type.Name}\"/> as they stand on the wire.")
            .Line(Attribute)
            .Open($"public readonly struct {type.Name}Names : {Wire}IEnumNames<{type.Name}>")
            .Line("/// <inheritdoc/>")
            .Line($"public static string TypeName => {Literal(type.Name)};")
            .Line()
            .Line("/// <inheritdoc/>")
            .Open($"public static {type.Name} Parse({Bytes} text)")
            .Open("switch (text.Length)");
        foreach (IGrouping<int, EnumValueModel> group in type.Values.GroupBy(static value => System.Text.Encoding.UTF8.GetByteCount(value.WireValue)).OrderBy(static group => group.Key))
        {
            foreach (EnumValueModel value in group)
            {
                code.Case(group.Key, "text", value.WireValue, $"return {type.Name}.{value.Name};");
            }
        }

        code.Line("default:")
            .Line($"    return {type.Name}.Unknown;")
            .Close()
            .Close()
            .Line()
            .Line("/// <inheritdoc/>")
            .Open($"public static {Bytes} ToUtf8({type.Name} value) => value switch");
        foreach (EnumValueModel value in type.Values)
        {
            code.Line($"{type.Name}.{value.Name} => {Literal(Json(value.WireValue))}u8,");
        }

        code.Line("_ => default,").Close(";").Close();
    }
}
