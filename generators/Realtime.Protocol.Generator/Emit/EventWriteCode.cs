using System.Collections.Generic;
using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.Code;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>
/// The method that writes an event: measured, reserved, written. A hot event that need not hold more than audio is looked at
/// first: as long as it holds nothing else, or only a text before the audio, such as its id, all around them is known now.
/// </summary>
internal static class EventWriteCode
{
    public static string Writer(TypeModel type) => Of($$"""
        public static partial class EventWriter
        {
            /// <summary>Writes a <see cref="{{type.Name}}"/>: measured first, reserved exactly, nothing allocated.</summary>
            /// <exception cref="ArgumentException">A member holds what the protocol does not allow; nothing was written.</exception>
            /// <exception cref="InvalidOperationException">Memory that the event refers to changed during the call; nothing was written.</exception>
            {{If(type.IsSequenced, "[Sequenced]")}}
            {{Method(type)}}
        }
        """);

    private static string Method(TypeModel type)
    {
        string signature = $"public static void Write(IBufferWriter<byte> output, scoped in {type.Name} value)";
        if (!type.IsHot || OnlyAudio(type) is not { } audio)
        {
            return $"{signature} => Wire.JsonWrite.Write(output, in value);";
        }

        // The second method is on its own: within the first, its texts and copies would slow down the way without them.
        MemberModel? text = TextBefore(type, audio);
        string before = WriteCode.Constants(type) + ",";
        string beforeAudio = JsonName(audio.WireName) + "\"";
        return Paragraphs(
            Of($$"""
                {{signature}}
                {
                    // Fast path: an event that holds nothing but audio stands between two constant texts.
                    if ({{SaysMore(type, audio)}}
                        || !Wire.JsonWrite.TryAudio(output, {{Utf8(before + beforeAudio)}}, value.{{audio.Name}}, "\"}"u8))
                    {
                        {{(text is null ? "Wire.JsonWrite.Write" : "WriteMore")}}(output, in value);
                    }
                }
                """),
            text is null ? "" : Of($$"""
                /// <summary>An event that also holds a text before the audio, such as its id, takes nearly as short a way. Any other is measured.</summary>
                [MethodImpl(MethodImplOptions.NoInlining)]
                private static void WriteMore(IBufferWriter<byte> output, scoped in {{type.Name}} value)
                {
                    if ({{SaysMore(type, audio, text)}}
                        || !Wire.JsonWrite.TryAudio(output, {{Utf8(before + JsonName(text.WireName) + "\"")}}, value.{{text.Name}}, {{Utf8("\"," + beforeAudio)}}, value.{{audio.Name}}, "\"}"u8))
                    {
                        Wire.JsonWrite.Write(output, in value);
                    }
                }
                """));
    }

    /// <summary>The audio, where it is the only member that must have a value.</summary>
    private static MemberModel? OnlyAudio(TypeModel type)
    {
        MemberModel[] needed = [.. Members(type).Where(static member => MemberCode.AlwaysWritten(member, inEvent: true))];
        return needed.Length == 1 && needed[0].Type.Shape == ValueShape.Base64 && WriteCode.HasConstants(type) ? needed[0] : null;
    }

    /// <summary>The first text before the audio that may be left out.</summary>
    private static MemberModel? TextBefore(TypeModel type, MemberModel audio) =>
        Members(type).TakeWhile(member => member != audio).FirstOrDefault(static member => member.Type.Shape == ValueShape.Text);

    private static string SaysMore(TypeModel type, MemberModel audio, MemberModel? text = null)
    {
        IEnumerable<string> others = Members(type).Where(member => member != audio && member != text).Select(static member => "value." + MemberCode.IsSet(member, inEvent: true));
        return string.Join(" || ", others.Append("!value.UnknownMembers.IsEmpty"));
    }

    private static IEnumerable<MemberModel> Members(TypeModel type) => type.Members.Where(static member => member.Const is null);
}
