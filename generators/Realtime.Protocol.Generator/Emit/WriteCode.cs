using System.Collections.Generic;
using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.GeneratedFile;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>The types that one writes: a struct for an event, a class for an object. A member with one possible value writes itself.</summary>
internal static class WriteCode
{
    public static void EmitType(CodeWriter code, TypeModel type, bool inEvent)
    {
        List<MemberModel> members = [.. type.Members.Where(static member => member.Const is null)];
        bool holdsAudio = inEvent && members.Any(static member => member.Type.Shape == ValueShape.Base64);
        string declaration = inEvent
            ? $"public {(holdsAudio ? "ref " : "")}struct {type.Name} : {Wire}IJsonWritable"
            : $"public sealed class {type.Name} : {(type.BaseName is null ? $"{Wire}IJsonWritable" : type.BaseName)}";
        code.Summary(type.Description)
            .Line(Attribute)
            .Open(declaration);
        foreach (MemberModel member in members)
        {
            EmitProperty(code, member, inEvent);
            code.Line();
        }

        code.Summary("Members that the protocol does not name, kept by a copy of what was read; written behind the others.")
            .Line($"public {Api}UnknownMembers UnknownMembers {{ {(inEvent ? "readonly " : "")}get; set; }}");
        EmitWriteTo(code, type, members, inEvent);
        code.Close();
    }

    /// <summary>How a value of the type begins: the brace and the members with one possible value.</summary>
    public static string Constants(TypeModel type) =>
        "{" + string.Join(",", type.Members.Where(WritesItself).Select(static member => JsonName(member.WireName) + Json(member.Const!)));

    /// <summary>Whether there is a member with one possible value, and so a comma before each of the others.</summary>
    public static bool HasConstants(TypeModel type) => type.Members.Any(WritesItself);

    /// <summary>A constant writes itself where the protocol requires it; an optional one says nothing new and stays away.</summary>
    private static bool WritesItself(MemberModel member) => member is { Const: not null, IsRequired: true };

    private static void EmitProperty(CodeWriter code, MemberModel member, bool inEvent)
    {
        code.Summary(ReadCode.Describe(member));
        if (member.IsDeprecated)
        {
            code.Line($"[global::System.Obsolete({Literal($"The protocol has deprecated '{member.WireName}'.")})]");
        }

        if (member.Type.Shape == ValueShape.Base64)
        {
            code.Line($"[{Root}RawAudio]");
        }

        code.Line($"public {(member.IsRequired ? "required " : "")}{MemberCode.WriteType(member, inEvent)} {member.Name} {{ {(inEvent ? "readonly " : "")}get; set; }}");
    }

    private static void EmitWriteTo(CodeWriter code, TypeModel type, List<MemberModel> members, bool inEvent)
    {
        code.Line();
        string interfaceMethod = $"void {Wire}IJsonWritable.WriteTo<TSink>(scoped ref TSink sink)";
        if (inEvent)
        {
            code.Line("/// <inheritdoc/>").Line("readonly " + interfaceMethod);
        }
        else
        {
            if (type.BaseName is null)
            {
                code.Line("/// <inheritdoc/>").Line($"{interfaceMethod} => WriteMembers(ref sink);").Line();
            }

            code.Summary(type.BaseName is null ? "Writes this object." : "Writes this alternative.")
                .Line("internal void WriteMembers<TSink>(scoped ref TSink sink)")
                .Line($"    where TSink : struct, {Wire}IJsonSink, allows ref struct");
        }

        code.OpenBlock();
        foreach (string check in members.Select(member => MemberCode.Check(member, type.Name, inEvent)).Where(static check => check is not null)!)
        {
            code.Line(check);
        }

        EmitMembers(code, type, members, inEvent);
        code.Close();
    }

    /// <summary>
    /// Text that is known now is written at once, so constants and the name behind them are one copy of constant length.
    /// The writer looks for a comma only where all members so far may be absent.
    /// </summary>
    private static void EmitMembers(CodeWriter code, TypeModel type, List<MemberModel> members, bool inEvent)
    {
        string text = Constants(type);
        Comma comma = HasConstants(type) ? Comma.Always : Comma.Never;
        foreach (MemberModel member in members)
        {
            bool always = MemberCode.AlwaysWritten(member, inEvent);
            string name = "," + JsonName(member.WireName);
            if (comma == Comma.Never && !always)
            {
                EmitText(code, ref text);
                code.Line("bool first = true;");
                comma = Comma.Sometimes;
            }

            if (always && comma != Comma.Sometimes)
            {
                text += comma == Comma.Never ? name.Substring(1) : name;
            }

            EmitText(code, ref text);
            if (!always)
            {
                code.Open($"if ({member.Name}.Presence != {Api}Presence.Absent)");
            }

            if (comma == Comma.Sometimes)
            {
                code.Line($"{Wire}JsonWrite.Name(ref sink, ref first, {Literal(name)}u8);");
            }
            else if (!always)
            {
                code.Line($"sink.Raw({Literal(name)}u8);");
            }

            code.Line(MemberCode.Write(member));
            if (always)
            {
                comma = Comma.Always;
            }
            else
            {
                code.Close().Line();
            }
        }

        EmitText(code, ref text);
        string isFirst = comma switch { Comma.Always => "false", Comma.Never => "true", _ => "first" };
        code.Line($"{Wire}JsonWrite.Unknown(ref sink, first: {isFirst}, UnknownMembers);")
            .Line("sink.Raw(\"}\"u8);");
    }

    private static void EmitText(CodeWriter code, ref string text)
    {
        if (text.Length > 0)
        {
            code.Line($"sink.Raw({Literal(text)}u8);");
            text = "";
        }
    }

    /// <summary>Whether the next member comes behind another one.</summary>
    private enum Comma
    {
        Never,
        Sometimes,
        Always,
    }
}
