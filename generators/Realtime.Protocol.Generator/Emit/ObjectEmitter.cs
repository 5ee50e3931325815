using System.Collections.Generic;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.GeneratedFile;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>An object of the protocol: the class that one writes and the view that one reads.</summary>
internal static class ObjectEmitter
{
    public static string Emit(ResolvedType resolved)
    {
        CodeWriter code = Begin(resolved.Family, resolved.Type.SourceFile);
        WriteCode.EmitType(code, resolved.Type, inEvent: false);
        code.Line();
        EmitView(code, resolved.Type);
        return code.ToString();
    }

    private static void EmitView(CodeWriter code, TypeModel type)
    {
        IReadOnlyList<MemberModel> members = type.Members;
        string view = type.Name + "View";
        code.Summary(type.Description)
            .Remarks("A view: valid as long as the message's buffer is.")
            .Line(Attribute)
            .Open($"public readonly ref struct {view} : {Wire}IJsonView<{view}>, {Wire}IWritableView<{view}, {type.Name}>")
            .Line($"private readonly {Bytes} _json;")
            .Line($"private readonly {Wire}Slot _self;");
        if (members.Count > 0)
        {
            code.Line("private readonly Slots _slots;");
        }

        code.Line()
            .Open($"private {view}({Bytes} json, {Wire}Slot self)")
            .Line("_json = json;")
            .Line("_self = self;");
        if (members.Count > 0)
        {
            code.Open($"if (self.HasValue && ReadInOrder(json, self.Start, {Wire}OrderedReader.Checked, _slots) < 0)")
                .Line("_slots = default;")
                .Line($"var cursor = {Wire}JsonCursor.OfChecked(json, self.Start);")
                .Line("TryRead(ref cursor, _slots);")
                .Close();
        }

        code.Close();
        EmitSelf(code);
        ReadCode.EmitGetters(code, members, inEvent: false);
        EmitJson(code, isSequenced: false);
        ReadCode.EmitToWritable(code, type, inEvent: false);
        code.Line()
            .Line("/// <inheritdoc/>")
            .Open($"public static bool Validate(ref {Wire}JsonCursor json)");
        if (members.Count > 0)
        {
            code.Line("Slots slots = default;").Line("return TryRead(ref json, slots);");
        }
        else
        {
            code.Line("return json.SkipKnownObject();");
        }

        code.Close()
            .Line()
            .Line("/// <inheritdoc/>")
            .Open($"public static int PassInOrder({Bytes} json, int at, int depth)");
        if (members.Count > 0)
        {
            code.Line("Slots slots = default;").Line($"return depth < {Wire}JsonCursor.MaxDepth ? ReadInOrder(json, at, depth + 1, slots) : {Wire}OrderedReader.Declined;");
        }
        else
        {
            code.Line($"return {Wire}OrderedReader.PassStrictly<{view}>(json, at, depth);");
        }

        code.Close()
            .Line()
            .Line("/// <inheritdoc/>")
            .Line($"public static {view} Bind({Bytes} json, {Wire}Slot slot) => new(json, slot);");
        if (members.Count > 0)
        {
            ReadCode.EmitReadInOrder(code, members);
            ReadCode.EmitTryRead(code, members, audio: null, hasFastPath: true);
            EmitSlots(code, members.Count);
        }

        code.Close();
    }

    /// <summary>Presence of the value itself.</summary>
    public static void EmitSelf(CodeWriter code) =>
        code.Line()
            .Summary("Absent, null or a value.")
            .Line($"public {Api}Presence Presence => _self.Presence;")
            .Line()
            .Summary("True when there is a value, neither absent nor null.")
            .Line("public bool HasValue => _self.HasValue;");

    /// <summary>The JSON itself, for those who pass it on.</summary>
    public static void EmitJson(CodeWriter code, bool isSequenced)
    {
        code.Line()
            .Summary("The JSON as it stands in the message, unknown members included; empty when absent.")
            .Line($"public {Bytes} Json => _self.Occurs ? _self.In(_json) : default;")
            .Line()
            .Summary("Writes the JSON as it stands in the message.");
        if (isSequenced)
        {
            code.Line($"[{Root}Sequenced]");
        }

        code.Line($"public void WriteTo({Output} output) => global::System.Buffers.BuffersExtensions.Write(output, Json);");
    }

    public static void EmitSlots(CodeWriter code, int count) =>
        code.Line()
            .Line($"[global::System.Runtime.CompilerServices.InlineArray({count})]")
            .Open("private struct Slots")
            .Line($"private {Wire}Slot _first;")
            .Close();
}
