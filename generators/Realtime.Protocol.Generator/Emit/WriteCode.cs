using System.Collections.Generic;
using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.Code;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>The types that one writes: a struct for an event, a class for an object. A member with one possible value writes itself.</summary>
internal static class WriteCode
{
    public static string Type(TypeModel type, bool inEvent)
    {
        MemberModel[] members = [.. type.Members.Where(static member => member.Const is null)];
        bool holdsAudio = inEvent && members.Any(static member => member.Type.Shape == ValueShape.Base64);
        string declaration = inEvent
            ? $"{(holdsAudio ? "ref " : "")}struct {type.Name} : {(type.IsSendable ? "ISendableEvent" : "Wire.IJsonWritable")}"
            : $"sealed class {type.Name} : {type.BaseName ?? "Wire.IJsonWritable"}";
        return Of($$"""
            {{Summary(ReadCode.Describe(type))}}
            {{GeneratedFile.Attribute}}
            public {{declaration}}
            {
                {{Lines(members.Where(member => MemberCode.IsMadeOnUse(member, inEvent)).Select(static member => $"private {member.Type.Name}? {MemberCode.BackingField(member)};"))}}

                {{Paragraphs(members.Select(member => Property(member, inEvent)))}}

                /// <summary>Members that the protocol does not name, kept by a copy of what was read; written after the others.</summary>
                public UnknownMembers UnknownMembers { {{Accessors(inEvent)}} }

                {{If(type.CanBeEmpty, LeftOut(members))}}

                {{WriteTo(type, inEvent, Lines([.. Checks(members, type.Name, inEvent), .. Writes(type, members, inEvent)]))}}
            }
            """);
    }

    /// <summary>How a value of the type begins: the brace and the members with one possible value.</summary>
    public static string Constants(TypeModel type) =>
        "{" + string.Join(",", type.Members.Where(WritesItself).Select(static member => JsonName(member.WireName) + Json(member.Const!)));

    /// <summary>Whether there is a member with one possible value, and so a comma before each of the others.</summary>
    public static bool HasConstants(TypeModel type) => type.Members.Any(WritesItself);

    /// <summary>A constant writes itself where the protocol requires it; an optional one says nothing new and stays away.</summary>
    private static bool WritesItself(MemberModel member) => member is { Const: not null, IsRequired: true };

    private static string Property(MemberModel member, bool inEvent) => Of($$"""
        {{Summary(ReadCode.Describe(member))}}
        {{If(MemberCode.IsMadeOnUse(member, inEvent), Remarks("Made when it is first looked at, and left out while nothing in it is set; null leaves it out."))}}
        {{ReadCode.Deprecation(member)}}
        {{If(member.Type.Shape == ValueShape.Base64, "[RawAudio]")}}
        {{If(MemberCode.IsMadeOnUse(member, inEvent), "[AllowNull]")}}
        public {{(member.IsRequired ? "required " : "")}}{{MemberCode.WriteType(member, inEvent)}} {{member.Name}}{{(MemberCode.IsMadeOnUse(member, inEvent) ? MadeOnUse(member) : $" {{ {Accessors(inEvent)} }}")}}
        """);

    private static string MadeOnUse(MemberModel member) => "\n" + Of($$"""
        {
            get => {{MemberCode.BackingField(member)}} ??= new() { IsMadeOnUse = true };
            set => {{MemberCode.BackingField(member)}} = value;
        }
        """);

    /// <summary>What an owner asks of an object that it made itself. One that the application made is written, empty or not.</summary>
    private static string LeftOut(MemberModel[] members) => Of($$"""
        /// <summary>True when the owner made this object because somebody looked at it.</summary>
        internal bool IsMadeOnUse { get; init; }

        /// <summary>True when the owner leaves this object out: nobody made it, and nothing in it is set.</summary>
        internal bool IsLeftOut => IsMadeOnUse
            {{Lines(members.Select(static member => $"&& {MemberCode.IsAbsent(member, inEvent: false)}"))}}
            && UnknownMembers.IsEmpty;
        """);

    private static string Accessors(bool inEvent) => inEvent ? "readonly get; set;" : "get; set;";

    /// <summary>The interface's method. An object has one of its own, since a call through the interface is looked up in a table of the runtime.</summary>
    private static string WriteTo(TypeModel type, bool inEvent, string body) => inEvent
        ? Of($$"""
            /// <summary>Checks every member, then writes the event in the order of the schema.</summary>
            {{If(type.IsSequenced, "[Sequenced]")}}
            readonly void Wire.IJsonWritable.WriteTo<TSink>(scoped ref TSink sink)
            {
                {{body}}
            }
            """)
        : Of($$"""
            {{If(type.BaseName is null, "/// <inheritdoc/>\nvoid Wire.IJsonWritable.WriteTo<TSink>(scoped ref TSink sink) => WriteMembers(ref sink);\n")}}
            /// <summary>Checks every member, then writes the object in the order of the schema.</summary>
            internal void WriteMembers<TSink>(scoped ref TSink sink)
                where TSink : struct, Wire.IJsonSink, allows ref struct
            {
                {{body}}
            }
            """);

    private static IEnumerable<string> Checks(MemberModel[] members, string typeName, bool inEvent) =>
        members.Select(member => MemberCode.Check(member, typeName, inEvent) ?? "");

    /// <summary>
    /// Text that is known now is written at once, so constants and the name behind them are one copy of constant length.
    /// The writer looks for a comma only where all members so far may be absent.
    /// </summary>
    private static IEnumerable<string> Writes(TypeModel type, MemberModel[] members, bool inEvent)
    {
        string text = Constants(type);
        Comma comma = HasConstants(type) ? Comma.Always : Comma.Never;
        foreach (MemberModel member in members)
        {
            string name = "," + JsonName(member.WireName);
            if (MemberCode.AlwaysWritten(member, inEvent))
            {
                if (comma == Comma.Sometimes)
                {
                    yield return NameWithComma(name);
                }
                else
                {
                    yield return Raw(text + (comma == Comma.Never ? name.Substring(1) : name));
                    text = "";
                }

                yield return MemberCode.Write(member, inEvent);
                comma = Comma.Always;
                continue;
            }

            if (text.Length > 0)
            {
                yield return Raw(text);
                text = "";
            }

            if (comma == Comma.Never)
            {
                yield return "bool first = true;";
                comma = Comma.Sometimes;
            }

            yield return Of($$"""
                if ({{MemberCode.IsSet(member, inEvent)}})
                {
                    {{(comma == Comma.Sometimes ? NameWithComma(name) : Raw(name))}}
                    {{MemberCode.Write(member, inEvent)}}
                }

                """);
        }

        if (text.Length > 0)
        {
            yield return Raw(text);
        }

        string first = comma switch { Comma.Always => "first: false", Comma.Never => "first: true", _ => "first" };
        yield return $"Wire.JsonWrite.Unknown(ref sink, {first}, UnknownMembers);";
        yield return Raw("}");
    }

    private static string NameWithComma(string name) => $"Wire.JsonWrite.Name(ref sink, ref first, {Utf8(name)});";

    private static string Raw(string text) => $"sink.Raw({Utf8(text)});";

    /// <summary>Whether the next member comes behind another one.</summary>
    private enum Comma
    {
        Never,
        Sometimes,
        Always,
    }
}
