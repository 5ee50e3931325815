using System.Collections.Generic;
using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.GeneratedFile;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>One event: the struct that one writes, its writer, and the view that one reads.</summary>
internal static class EventEmitter
{
    public static string Emit(ResolvedType resolved)
    {
        TypeModel type = resolved.Type;
        CodeWriter code = Begin(resolved.Family, type.SourceFile);
        WriteCode.EmitType(code, type, inEvent: true);
        code.Line();
        EventWriteCode.Emit(code, type);
        code.Line();
        EmitView(code, type);
        return code.ToString();
    }

    private static void EmitView(CodeWriter code, TypeModel type)
    {
        IReadOnlyList<MemberModel> members = type.Members;
        MemberModel? audio = members.FirstOrDefault(static member => member.Type.Shape == ValueShape.Base64);
        string view = type.Name + "View";
        string slots = type.Role + "EventSlots";
        code.Summary(type.Description)
            .Remarks("A view: valid as long as the message's buffer is, and its audio as long as the reader's destination is.")
            .Line(Attribute)
            .Open($"public ref struct {view}{(type.IsHot ? $" : {Wire}IHotView" : "")}")
            .Line($"private {Bytes} _json;")
            .Line($"private {slots} _slots;");
        if (audio is not null)
        {
            code.Line($"private {Bytes} _audio;").Line("private bool _isDecoded;").Line($"private {Wire}OriginalMessage? _original;");
        }

        code.Line()
            .Line("/// <summary>Makes a view where it is wanted, without a copy.</summary>")
            .Open($"internal static void Lay(out {view} value, {Bytes} json, scoped in {slots} slots{(audio is null ? "" : $", {Bytes} audio, bool isDecoded, {Wire}OriginalMessage? original")})")
            .Line("global::System.Runtime.CompilerServices.Unsafe.SkipInit(out value);")
            .Line("value._json = json;")
            .Line("value._slots = slots;");
        if (audio is not null)
        {
            code.Line("value._audio = audio;").Line("value._isDecoded = isDecoded;").Line("value._original = original;");
        }

        code.Close();
        ReadCode.EmitGetters(
            code,
            members,
            inEvent: true,
            audio is null ? null : $"_isDecoded ? new {Api}Base64View(_json, {{slot}}, _audio, _original) : new {Api}Base64View(_json, {{slot}})");
        code.Line()
            .Summary("The JSON as it stands in the message, unknown members included.")
            .Line($"public readonly {Bytes} Json => {(audio is null ? "_json" : "_original is null ? _json : _original.Whole")};")
            .Line()
            .Summary("Writes the JSON as it stands in the message.");
        if (type.IsSequenced)
        {
            code.Line($"[{Root}Sequenced]");
        }

        code.Line($"public readonly void WriteTo({Output} output) => global::System.Buffers.BuffersExtensions.Write(output, {(audio is null ? "_json" : "Json")});");
        ReadCode.EmitToWritable(code, type, inEvent: true);
        if (type.IsHot)
        {
            EmitHot(code, type);
        }

        // Hot events have fast paths of their own, and audio needs its destination.
        bool readsInOrder = !type.IsHot && audio is null;
        if (readsInOrder)
        {
            ReadCode.EmitReadInOrder(code, members);
        }

        ReadCode.EmitTryRead(code, members, audio, readsInOrder);
        code.Close();
    }

    /// <summary>What the fast paths need to know of an event that comes many times a second.</summary>
    private static void EmitHot(CodeWriter code, TypeModel type)
    {
        code.Line()
            .Line("/// <inheritdoc/>")
            .Line($"static int {Wire}IHotView.HotKind => (int){type.Role}EventKind.{type.Name};")
            .Line()
            .Line("/// <inheritdoc/>")
            .Line($"static global::System.ReadOnlySpan<{Wire}HotMember> {Wire}IHotView.HotMembers =>")
            .Line("[");
        foreach (MemberModel member in type.Members)
        {
            code.Line($"    {string.Join(" | ", HotMarks(member).Select(static mark => $"{Wire}HotMember.{mark}"))},");
        }

        code.Line("];")
            .Line()
            .Line("/// <inheritdoc/>")
            .Line($"static int {Wire}IHotView.SlotOf({Bytes} name) => MemberOf(name);");
        var names = HotNames.Of([.. type.Members.Select(static member => member.WireName)]);
        code.Line()
            .Line("/// <inheritdoc/>")
            .Line($"static uint {Wire}IHotView.NameFactor => {names.Factor};")
            .Line()
            .Line("/// <inheritdoc/>")
            .Line($"static {Bytes} {Wire}IHotView.NameRows => [{string.Join(", ", names.Rows)}];")
            .Line()
            .Line("/// <inheritdoc/>")
            .Line($"static {Bytes} {Wire}IHotView.NameEntries =>")
            .Line("[");
        foreach (string entry in names.Entries)
        {
            code.Line($"    {entry},");
        }

        code.Line("];");
    }

    private static IEnumerable<string> HotMarks(MemberModel member)
    {
        yield return member.Type.Shape switch
        {
            ValueShape.Text or ValueShape.Enum => "Text",
            ValueShape.Integer => "Integer",
            ValueShape.Base64 => "Audio",
            _ => "Other",
        };
        if (!MemberCode.Plain(member))
        {
            yield return "Nullable";
        }

        if (member.IsRequired)
        {
            yield return "Required";
        }

        if (member.IsHot)
        {
            yield return "Differs";
        }
    }
}
