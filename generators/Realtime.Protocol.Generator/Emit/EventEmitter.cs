using System.Collections.Generic;
using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.Code;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>One event: the struct that one writes, its writer, and the view that one reads.</summary>
internal static class EventEmitter
{
    public static string Emit(ResolvedType resolved)
    {
        TypeModel type = resolved.Type;
        return GeneratedFile.Of(resolved.Family, type.SourceFile, Paragraphs(WriteCode.Type(type, inEvent: true), EventWriteCode.Writer(type), View(type)));
    }

    private static string View(TypeModel type)
    {
        IReadOnlyList<MemberModel> members = type.Members;
        MemberModel? audio = members.FirstOrDefault(static member => member.Type.Shape == ValueShape.Base64);

        // Hot events have fast paths of their own, and audio needs its destination.
        bool readsInOrder = !type.IsHot && audio is null;
        return Of($$"""
            {{Summary(ReadCode.Describe(type))}}
            /// <remarks>A view: valid as long as the message's buffer is{{(audio is null ? "" : ", and its audio as long as the reader's destination is")}}.</remarks>
            {{GeneratedFile.Attribute}}
            public ref struct {{type.Name}}View{{(type.IsHot ? " : Wire.IHotView" : "")}}
            {
                {{Paragraphs(
                    Fields(type, audio is not null),
                    ReadCode.Getters(members, inEvent: true, decodedAudio: audio is not null, remembersObjects: !type.IsHot),
                    Json(type, audio is not null),
                    ReadCode.ToWritable(type, inEvent: true),
                    If(readsInOrder, ReadCode.ReadInOrder(members)),
                    ReadCode.TryRead(members, audio, readsInOrder),
                    ReadCode.MemberOf(members),
                    If(type.IsHot, HotCode.Members(type)))}}
            }
            """);
    }

    private static string Fields(TypeModel type, bool hasAudio)
    {
        string slots = type.Role + "EventSlots";
        bool hasObjects = !type.IsHot && type.Members.Any(MemberCode.HoldsObjects);
        return Of($$"""
            private ReadOnlySpan<byte> _json;
            private {{slots}} _slots;
            {{If(hasObjects, "private Wire.NestedMembers _nested;")}}
            {{If(hasAudio, """
                private ReadOnlySpan<byte> _audio;
                private bool _isDecoded;
                private Wire.OriginalMessage? _original;
                """)}}

            /// <summary>Fills the caller's variable: a constructor would make the view elsewhere and copy it.</summary>
            internal static void Lay(out {{type.Name}}View value, ReadOnlySpan<byte> json, scoped in {{slots}} slots{{If(!type.IsHot, ", Wire.NestedMembers nested")}}{{(hasAudio ? ", ReadOnlySpan<byte> audio, bool isDecoded, Wire.OriginalMessage? original" : "")}})
            {
                Unsafe.SkipInit(out value);
                value._json = json;
                slots.CopyTo(out value._slots);
                {{If(hasObjects, "value._nested = nested;")}}
                {{If(hasAudio, """
                    value._audio = audio;
                    value._isDecoded = isDecoded;
                    value._original = original;
                    """)}}
            }
            """);
    }

    private static string Json(TypeModel type, bool hasAudio) => Of($$"""
        /// <summary>The JSON as it stands in the message, unknown members included.</summary>
        public readonly ReadOnlySpan<byte> Json => {{(hasAudio ? "_original is null ? _json : _original.Whole" : "_json")}};

        /// <summary>Writes the JSON as it stands in the message.</summary>
        {{If(type.IsSequenced, "[Sequenced]")}}
        public readonly void WriteTo(IBufferWriter<byte> output) => output.Write(Json);
        """);
}
