using System.Collections.Generic;
using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.GeneratedFile;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>
/// The method that writes an event: measured, reserved, written. A hot event that need not hold more than audio is looked at
/// first: as long as it holds nothing else, all around the audio is text that is known now.
/// </summary>
internal static class EventWriteCode
{
    public static void Emit(CodeWriter code, TypeModel type)
    {
        code.Open("public static partial class EventWriter")
            .SummaryXml($"Writes a <see cref=\"{type.Name}\"/>: measured first, reserved exactly, nothing allocated.")
            .Line("/// <exception cref=\"global::System.ArgumentException\">A member holds what the protocol does not allow; nothing was written.</exception>")
            .Line("/// <exception cref=\"global::System.InvalidOperationException\">Memory that the event refers to changed during the call; nothing was written.</exception>");
        if (type.IsSequenced)
        {
            code.Line($"[{Root}Sequenced]");
        }

        string signature = $"public static void Write({Output} output, scoped in {type.Name} value)";
        string write = $"{Wire}JsonWrite.Write(output, in value);";
        if (type.IsHot && OnlyAudio(type) is { } audio)
        {
            code.Open(signature)
                .Open($"if ({SaysMore(type, audio)} || !{Wire}JsonWrite.TryAudio(output, {Literal(WriteCode.Constants(type) + "," + JsonName(audio.WireName) + "\"")}u8, value.{audio.Name}, \"\\\"}}\"u8))")
                .Line(write)
                .Close()
                .Close();
        }
        else
        {
            code.Line($"{signature} => {write}");
        }

        code.Close();
    }

    /// <summary>The audio, where it is the only member that must have a value.</summary>
    private static MemberModel? OnlyAudio(TypeModel type)
    {
        MemberModel[] needed = [.. Members(type).Where(static member => MemberCode.AlwaysWritten(member, inEvent: true))];
        return needed.Length == 1 && needed[0].Type.Shape == ValueShape.Base64 && WriteCode.HasConstants(type) ? needed[0] : null;
    }

    private static string SaysMore(TypeModel type, MemberModel audio)
    {
        IEnumerable<string> others = Members(type).Where(member => member != audio).Select(static member => $"value.{member.Name}.Presence != {Api}Presence.Absent");
        return string.Join(" || ", others.Append("!value.UnknownMembers.IsEmpty"));
    }

    private static IEnumerable<MemberModel> Members(TypeModel type) => type.Members.Where(static member => member.Const is null);
}
