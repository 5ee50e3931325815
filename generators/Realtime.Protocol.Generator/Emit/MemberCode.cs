using System;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.GeneratedFile;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>
/// The table behind everything that is generated: for each shape of a value, its type in a view and in a write type, the
/// call that reads it, the getter that shows it and the call that writes it.
/// </summary>
internal static class MemberCode
{
    /// <summary>The type of a view's property.</summary>
    public static string ViewType(MemberModel member) => member.Type.Shape switch
    {
        ValueShape.Text => $"{Api}TextView",
        ValueShape.Enum => $"{Api}EnumView<{member.Type.Name}>",
        ValueShape.Integer => Plain(member) ? "long" : $"{Api}Field<long>",
        ValueShape.Number => Plain(member) ? "double" : $"{Api}Field<double>",
        ValueShape.Boolean => Plain(member) ? "bool" : $"{Api}Field<bool>",
        ValueShape.IntegerOrInfinity => Plain(member) ? $"{Api}IntegerOrInfinity" : $"{Api}Field<{Api}IntegerOrInfinity>",
        ValueShape.Base64 => $"{Api}Base64View",
        ValueShape.Object or ValueShape.Union => $"{member.Type.Name}View",
        ValueShape.List when member.Type.Item!.Shape == ValueShape.Enum => $"{Api}EnumListView<{member.Type.Item.Name}, {member.Type.Item.Name}Names>",
        ValueShape.List => $"{Api}ListView<{ElementView(member.Type.Item!)}>",
        ValueShape.StringMap => $"{Api}StringMapView",
        ValueShape.Any => $"{Api}RawJsonView",
        _ => throw Unexpected(member),
    };

    /// <summary>What a view's property returns, given the message and the slot.</summary>
    public static string Getter(MemberModel member, string json, string slot) => member.Type.Shape switch
    {
        ValueShape.Enum => $"{Wire}EnumReader.Read<{member.Type.Name}, {member.Type.Name}Names>({json}, {slot})",
        ValueShape.Integer => $"{Wire}FieldReader.{(Plain(member) ? "" : "Optional")}Integer({json}, {slot})",
        ValueShape.Number => $"{Wire}FieldReader.{(Plain(member) ? "" : "Optional")}Number({json}, {slot})",
        ValueShape.Boolean => $"{Wire}FieldReader.{(Plain(member) ? "" : "Optional")}Boolean({json}, {slot})",
        ValueShape.IntegerOrInfinity => $"{Wire}FieldReader.{(Plain(member) ? "" : "Optional")}IntegerOrInfinity({json}, {slot})",
        ValueShape.Object or ValueShape.Union => $"{member.Type.Name}View.Bind({json}, {slot})",
        _ => $"new {ViewType(member)}({json}, {slot})",
    };

    /// <summary>The call that reads the member into its slot.</summary>
    public static string Read(MemberModel member, int slot)
    {
        string nullable = member.IsRequired && !member.IsNullable ? "false" : "true";
        return member.Type.Shape switch
        {
            ValueShape.Text or ValueShape.Enum => $"json.ReadText(ref slots[{slot}], {nullable})",
            ValueShape.Integer => $"json.ReadInteger(ref slots[{slot}], {nullable})",
            ValueShape.Number => $"json.ReadNumber(ref slots[{slot}], {nullable})",
            ValueShape.Boolean => $"json.ReadBoolean(ref slots[{slot}], {nullable})",
            ValueShape.IntegerOrInfinity => $"json.ReadIntegerOrInfinity(ref slots[{slot}], {nullable})",
            ValueShape.Base64 => $"json.ReadBase64(ref slots[{slot}], {nullable})",
            ValueShape.Object or ValueShape.Union => $"json.Read<{member.Type.Name}View>(ref slots[{slot}], {nullable})",
            ValueShape.List => $"json.ReadList<{ElementView(member.Type.Item!)}>(ref slots[{slot}], {nullable})",
            ValueShape.StringMap => $"json.Read<{Api}StringMapView>(ref slots[{slot}], {nullable})",
            ValueShape.Any => $"json.ReadAny(ref slots[{slot}])",
            _ => throw Unexpected(member),
        };
    }

    /// <summary>The call that reads the member into its slot where members come in order; it returns the place behind the value.</summary>
    public static string ReadInOrder(MemberModel member, string at, int slot)
    {
        string place = $"(json, {at}, ";
        string target = $"{(Plain(member) ? "false" : "true")}, ref slots[{slot}])";
        string read = $"{Wire}OrderedReader.";
        return member.Type.Shape switch
        {
            ValueShape.Text or ValueShape.Enum => $"{read}Text{place}{target}",
            ValueShape.Integer or ValueShape.Number or ValueShape.Boolean or ValueShape.IntegerOrInfinity or ValueShape.Base64 => $"{read}{member.Type.Shape}{place}{target}",
            ValueShape.Object or ValueShape.Union => $"{read}Value<{member.Type.Name}View>{place}depth, {target}",
            ValueShape.List => $"{read}List<{ElementView(member.Type.Item!)}>{place}depth, {target}",
            ValueShape.StringMap => $"{read}Value<{Api}StringMapView>{place}depth, {target}",
            ValueShape.Any => $"{read}Any{place}depth, ref slots[{slot}])",
            _ => throw Unexpected(member),
        };
    }

    /// <summary>The type of a write type's property.</summary>
    public static string WriteType(MemberModel member, bool inEvent) => member.Type.Shape switch
    {
        ValueShape.Text => $"{Api}Text",
        ValueShape.Enum => $"{Api}OpenEnum<{member.Type.Name}>",
        ValueShape.Integer => Plain(member) ? "long" : $"{Api}Field<long>",
        ValueShape.Number => Plain(member) ? "double" : $"{Api}Field<double>",
        ValueShape.Boolean => Plain(member) ? "bool" : $"{Api}Field<bool>",
        ValueShape.IntegerOrInfinity => Plain(member) ? $"{Api}IntegerOrInfinity" : $"{Api}Field<{Api}IntegerOrInfinity>",
        ValueShape.Base64 => inEvent ? $"{Api}AudioBytes" : $"{Api}Field<global::System.ReadOnlyMemory<byte>>",
        ValueShape.Object or ValueShape.Union => Plain(member) ? member.Type.Name : $"{Api}Field<{member.Type.Name}>",
        ValueShape.List => $"{Api}FieldList<{ElementType(member.Type.Item!)}>",
        ValueShape.StringMap => $"{Api}StringMap",
        ValueShape.Any => $"{Root}RawJson",
        _ => throw Unexpected(member),
    };

    /// <summary>The statement that writes the value, or null, once the name is written.</summary>
    public static string Write(MemberModel member)
    {
        string write = $"{Wire}JsonWrite.";
        string value = $"(ref sink, {member.Name}";
        string named = $"{value}, {Literal(member.WireName)}u8";
        ValueModel type = member.Type;
        return type.Shape switch
        {
            ValueShape.Text or ValueShape.Integer or ValueShape.Number or ValueShape.Boolean or ValueShape.IntegerOrInfinity or ValueShape.Base64 =>
                $"{write}{type.Shape}{value});",
            ValueShape.Any => $"sink.Raw({member.Name}.Utf8);",
            ValueShape.Enum => $"{write}Enum<TSink, {type.Name}, {type.Name}Names>{value});",
            ValueShape.Object or ValueShape.Union when Plain(member) => $"{member.Name}.{WriteMethod(type)}(ref sink);",
            ValueShape.Object or ValueShape.Union => $"if ({write}HasValue(ref sink, {member.Name}.Presence)) {{ {member.Name}.Value.{WriteMethod(type)}(ref sink); }}",
            ValueShape.List => type.Item!.Shape switch
            {
                ValueShape.Text => $"{write}Texts{named});",
                ValueShape.Integer => $"{write}Integers{named});",
                ValueShape.Any => $"{write}Anys{named});",
                ValueShape.Enum => $"{write}Enums<TSink, {type.Item.Name}, {type.Item.Name}Names>{named});",
                _ => $"{write}Objects<TSink, {type.Item.Name}>{named});",
            },
            ValueShape.StringMap => $"{write}Map{named}, {type.MaxPairs}, {type.MaxKeyLength}, {type.MaxValueLength});",
            _ => throw Unexpected(member),
        };
    }

    /// <summary>The method of a class that writes it. The one of its interface is virtual and generic: each call of it is looked up in a table of the runtime.</summary>
    public static string WriteMethod(ValueModel type) => type.Shape == ValueShape.Union ? "WriteAlternative" : "WriteMembers";

    /// <summary>True for what is always written: it is required, so checked to be there, or its type has no way to be absent.</summary>
    public static bool AlwaysWritten(MemberModel member, bool inEvent) => member.IsRequired || (inEvent && member.Type.Shape == ValueShape.Base64);

    /// <summary>The statement that refuses what the protocol does not allow, or nothing where the property's type allows only what is right.</summary>
    public static string? Check(MemberModel member, string typeName, bool inEvent)
    {
        string names = $"{Literal(typeName)}, {Literal(member.Name)}";
        switch (member.Type.Shape)
        {
            case ValueShape.Base64 when inEvent:
            case ValueShape.Integer or ValueShape.Number or ValueShape.Boolean or ValueShape.IntegerOrInfinity when Plain(member):
                return null;
            case ValueShape.Object or ValueShape.Union when Plain(member):
                return $"{Wire}JsonWrite.RequireObject({member.Name}, {names});";
        }

        if (member.IsRequired)
        {
            return $"{Wire}JsonWrite.Require({member.Name}.Presence, nullable: {(member.IsNullable ? "true" : "false")}, {names});";
        }

        return RefusesNull(member) ? $"{Wire}JsonWrite.RefuseNull({member.Name}.Presence, {names});" : null;
    }

    /// <summary>The value of a write type's property, copied from the view's property: what was read, in a form that may be written.</summary>
    public static string Copy(MemberModel member, bool inEvent) =>
        RefusesNull(member) ? $"{Wire}Copy.WithoutNull({CopyAsRead(member, inEvent)})" : CopyAsRead(member, inEvent);

    private static string CopyAsRead(MemberModel member, bool inEvent)
    {
        string copy = $"{Wire}Copy.";
        ValueModel type = member.Type;
        return type.Shape switch
        {
            ValueShape.Text => $"{copy}Text({member.Name})",
            ValueShape.Enum => $"{copy}Enum({member.Name})",
            ValueShape.Integer or ValueShape.Number or ValueShape.Boolean or ValueShape.IntegerOrInfinity => member.Name,
            ValueShape.Base64 => inEvent ? $"{copy}EventAudio({member.Name})" : $"{copy}Audio({member.Name})",
            ValueShape.Object or ValueShape.Union => Plain(member) ? $"{member.Name}.ToWritable()" : $"{copy}Object<{type.Name}View, {type.Name}>({member.Name})",
            ValueShape.List => type.Item!.Shape switch
            {
                ValueShape.Text => $"{copy}Texts({member.Name})",
                ValueShape.Integer => $"{copy}Integers({member.Name})",
                ValueShape.Any => $"{copy}Anys({member.Name})",
                ValueShape.Enum => $"{copy}Enums({member.Name})",
                _ => $"{copy}Objects<{type.Item.Name}View, {type.Item.Name}>({member.Name})",
            },
            ValueShape.StringMap => $"{copy}Map({member.Name})",
            ValueShape.Any => $"{member.Name}.ToOwned()",
            _ => throw Unexpected(member),
        };
    }

    /// <summary>True where the value itself is the property, since it can be neither absent nor null.</summary>
    public static bool Plain(MemberModel member) => member.IsRequired && !member.IsNullable;

    /// <summary>True for what may be absent and is never written as null, though a peer may send it so.</summary>
    private static bool RefusesNull(MemberModel member) => !member.IsRequired && !member.IsNullable && member.Type.Shape != ValueShape.Any;

    private static string ElementView(ValueModel item) => item.Shape switch
    {
        ValueShape.Text or ValueShape.Enum => $"{Api}TextView",
        ValueShape.Integer => $"{Api}IntegerView",
        ValueShape.Object or ValueShape.Union => $"{item.Name}View",
        _ => $"{Api}RawJsonView",
    };

    private static string ElementType(ValueModel item) => item.Shape switch
    {
        ValueShape.Text => $"{Api}Text",
        ValueShape.Enum => $"{Api}OpenEnum<{item.Name}>",
        ValueShape.Integer => "long",
        ValueShape.Object or ValueShape.Union => item.Name,
        _ => $"{Root}RawJson",
    };

    private static Exception Unexpected(MemberModel member) => new InvalidOperationException($"A member of shape {member.Type.Shape} reached the emitter.");
}
