using System;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.Code;

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
        ValueShape.Text => "TextView",
        ValueShape.Enum => $"EnumView<{member.Type.Name}>",
        ValueShape.Integer => Plain(member) ? "long" : "Field<long>",
        ValueShape.Number => Plain(member) ? "double" : "Field<double>",
        ValueShape.Boolean => Plain(member) ? "bool" : "Field<bool>",
        ValueShape.IntegerOrInfinity => Plain(member) ? "IntegerOrInfinity" : "Field<IntegerOrInfinity>",
        ValueShape.Base64 => $"Base64View",
        ValueShape.Object or ValueShape.Union => $"{member.Type.Name}View",
        ValueShape.List when member.Type.Item!.Shape == ValueShape.Enum => $"EnumListView<{member.Type.Item.Name}, {member.Type.Item.Name}Names>",
        ValueShape.List => $"ListView<{ElementView(member.Type.Item!)}>",
        ValueShape.StringMap => "StringMapView",
        ValueShape.Any => "RawJsonView",
        _ => throw Unexpected(member),
    };

    /// <summary>What a view's property returns, given the message and the slot.</summary>
    public static string Getter(MemberModel member, string json, string slot, bool remembersObjects) => member.Type.Shape switch
    {
        _ when remembersObjects && HoldsObjects(member) => $"new({json}, {slot}, _nested)",
        ValueShape.Enum => $"Views.EnumReader.Read<{member.Type.Name}, {member.Type.Name}Names>({json}, {slot})",
        ValueShape.Integer => $"Views.FieldReader.{(Plain(member) ? "" : "Optional")}Integer({json}, {slot})",
        ValueShape.Number => $"Views.FieldReader.{(Plain(member) ? "" : "Optional")}Number({json}, {slot})",
        ValueShape.Boolean => $"Views.FieldReader.{(Plain(member) ? "" : "Optional")}Boolean({json}, {slot})",
        ValueShape.IntegerOrInfinity => $"Views.FieldReader.{(Plain(member) ? "" : "Optional")}IntegerOrInfinity({json}, {slot})",
        _ => $"new({json}, {slot})",
    };

    /// <summary>True for a value whose view shows objects: it is handed on what the reader remembers of them.</summary>
    public static bool HoldsObjects(MemberModel member) =>
        member.Type.Shape is ValueShape.Object or ValueShape.Union || (member.Type.Shape == ValueShape.List && member.Type.Item!.Shape is ValueShape.Object or ValueShape.Union);

    /// <summary>The call that reads the member into its slot.</summary>
    public static string Read(MemberModel member, string slot)
    {
        string nullable = Nullable(member);
        return member.Type.Shape switch
        {
            ValueShape.Text or ValueShape.Enum => $"json.ReadText(ref {slot}, {nullable})",
            ValueShape.Integer => $"json.ReadInteger(ref {slot}, {nullable})",
            ValueShape.Number => $"json.ReadNumber(ref {slot}, {nullable})",
            ValueShape.Boolean => $"json.ReadBoolean(ref {slot}, {nullable})",
            ValueShape.IntegerOrInfinity => $"json.ReadIntegerOrInfinity(ref {slot}, {nullable})",
            ValueShape.Base64 => $"json.ReadBase64(ref {slot}, {nullable})",
            ValueShape.Object or ValueShape.Union => $"json.Read<{member.Type.Name}View>(ref {slot}, {nullable})",
            ValueShape.List => $"json.ReadList<{ElementView(member.Type.Item!)}>(ref {slot}, {nullable})",
            ValueShape.StringMap => $"json.Read<StringMapView>(ref {slot}, {nullable})",
            ValueShape.Any => $"json.ReadAny(ref {slot})",
            _ => throw Unexpected(member),
        };
    }

    /// <summary>The call that reads the member into its slot where members come in order; it returns the place behind the value.</summary>
    public static string ReadInOrder(MemberModel member, string at, string slot)
    {
        string place = $"(json, {at}, ";
        string target = $"{Nullable(member)}, ref {slot})";
        string read = "Wire.OrderedReader.";
        return member.Type.Shape switch
        {
            ValueShape.Text or ValueShape.Enum => $"{read}Text{place}{target}",
            ValueShape.Integer or ValueShape.Number or ValueShape.Boolean or ValueShape.IntegerOrInfinity or ValueShape.Base64 => $"{read}{member.Type.Shape}{place}{target}",
            ValueShape.Object or ValueShape.Union => $"{read}Value<{member.Type.Name}View>{place}depth, nested, {target}",
            ValueShape.List => $"{read}List<{ElementView(member.Type.Item!)}>{place}depth, nested, {target}",
            ValueShape.StringMap => $"{read}Value<StringMapView>{place}depth, nested, {target}",
            ValueShape.Any => $"{read}Any{place}depth, ref {slot})",
            _ => throw Unexpected(member),
        };
    }

    /// <summary>
    /// The type of a write type's property: a field only where the protocol allows null, since elsewhere null can say that the member is left out. A field of a union with a text is told the type
    /// of that text too: C# never applies two conversions one after the other, from a text to the union and from there to the field, so the field has to know the first one.
    /// </summary>
    public static string WriteType(MemberModel member, bool inEvent) => member.Type.Shape switch
    {
        ValueShape.Text => "Text",
        ValueShape.Enum => $"OpenEnum<{member.Type.Name}>",
        ValueShape.Integer => Optional(member, inEvent, "long"),
        ValueShape.Number => Optional(member, inEvent, "double"),
        ValueShape.Boolean => Optional(member, inEvent, "bool"),
        ValueShape.IntegerOrInfinity => Optional(member, inEvent, "IntegerOrInfinity"),
        ValueShape.Base64 => inEvent ? "AudioBytes" : Optional(member, inEvent, "ReadOnlyMemory<byte>"),
        ValueShape.Object when IsMadeOnUse(member, inEvent) => member.Type.Name,
        ValueShape.Object or ValueShape.Union => Optional(member, inEvent, member.Type.Name),
        ValueShape.List => $"FieldList<{ElementType(member.Type.Item!)}>",
        ValueShape.StringMap => "StringMap",
        ValueShape.Any => "RawJson",
        _ => throw Unexpected(member),
    };

    private static string Optional(MemberModel member, bool inEvent, string type) =>
        Plain(member) ? type : IsOrNull(member, inEvent) ? type + "?" : $"Field<{type}{(member.Type.Text.Length > 0 ? ", " + member.Type.Text : "")}>";

    /// <summary>The condition under which a member that may be absent is written.</summary>
    public static string IsSet(MemberModel member, bool inEvent) =>
        IsMadeOnUse(member, inEvent) ? $"{BackingField(member)} is {{ IsLeftOut: false }}"
        : IsOrNull(member, inEvent) ? $"{member.Name} is not null"
        : $"{member.Name}.Presence != Presence.Absent";

    /// <summary>The contrary.</summary>
    public static string IsAbsent(MemberModel member, bool inEvent) =>
        IsMadeOnUse(member, inEvent) ? $"{BackingField(member)} is null or {{ IsLeftOut: true }}"
        : IsOrNull(member, inEvent) ? $"{member.Name} is null"
        : $"{member.Name}.Presence == Presence.Absent";

    /// <summary>True for an object that its owner makes when it is first looked at, so that one may write through it.</summary>
    public static bool IsMadeOnUse(MemberModel member, bool inEvent) => !inEvent && member.Type.IsMadeOnUse && IsOrNull(member, inEvent);

    /// <summary>The field behind such an object.</summary>
    public static string BackingField(MemberModel member) => "_" + char.ToLowerInvariant(member.Name[0]) + member.Name.Substring(1);

    /// <summary>True where null is how a member is left out: the protocol does not allow it as a value, and the type has no absence of its own.</summary>
    private static bool IsOrNull(MemberModel member, bool inEvent) => RefusesNull(member) && member.Type.Shape switch
    {
        ValueShape.Integer or ValueShape.Number or ValueShape.Boolean or ValueShape.IntegerOrInfinity or ValueShape.Object or ValueShape.Union => true,
        ValueShape.Base64 => !inEvent,
        _ => false,
    };

    /// <summary>The statement that writes the value, or null, once the name is written.</summary>
    public static string Write(MemberModel member, bool inEvent)
    {
        string write = "Wire.JsonWrite.";
        bool isObject = member.Type.Shape is ValueShape.Object or ValueShape.Union;
        string place = IsMadeOnUse(member, inEvent) ? BackingField(member) : member.Name;
        string value = $"(ref sink, {(IsOrNull(member, inEvent) && !isObject ? place + ".Value" : place)}";
        string named = $"{value}, {Utf8(member.WireName)}";
        ValueModel type = member.Type;
        return type.Shape switch
        {
            ValueShape.Text or ValueShape.Integer or ValueShape.Number or ValueShape.Boolean or ValueShape.IntegerOrInfinity or ValueShape.Base64 =>
                $"{write}{type.Shape}{value});",
            ValueShape.Any => $"sink.Raw({member.Name}.Utf8);",
            ValueShape.Enum => $"{write}Enum<TSink, {type.Name}, {type.Name}Names>{value});",
            ValueShape.Object or ValueShape.Union when Plain(member) || IsOrNull(member, inEvent) => $"{place}.{WriteMethod(type)}(ref sink);",
            ValueShape.Object or ValueShape.Union => Of($$"""
                if ({{write}}HasValue(ref sink, {{member.Name}}.Presence))
                {
                    {{member.Name}}.Value.{{WriteMethod(type)}}(ref sink);
                }
                """),
            ValueShape.List => type.Item!.Shape switch
            {
                ValueShape.Text => $"{write}Texts{named});",
                ValueShape.Integer => $"{write}Integers{named});",
                ValueShape.Any => $"{write}Anys{named});",
                ValueShape.Enum => $"{write}Enums<TSink, {type.Item.Name}, {type.Item.Name}Names>{named});",
                _ => $"{write}Objects<TSink, {type.Item.Name}>{named});",
            },
            ValueShape.StringMap => $"{write}Map{named}, maxPairs: {type.MaxPairs}, maxKeyLength: {type.MaxKeyLength}, maxValueLength: {type.MaxValueLength});",
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
        string names = $"nameof({typeName}), nameof({member.Name})";
        switch (member.Type.Shape)
        {
            case ValueShape.Base64 when inEvent:
            case ValueShape.Integer or ValueShape.Number or ValueShape.Boolean or ValueShape.IntegerOrInfinity when Plain(member):
                return null;
            case ValueShape.Object or ValueShape.Union when Plain(member):
                return $"Wire.JsonWrite.RequireObject({member.Name}, {names});";
        }

        if (member.IsRequired)
        {
            return $"Wire.JsonWrite.Require({member.Name}.Presence, {Nullable(member.IsNullable)}, {names});";
        }

        return RefusesNull(member) && !IsOrNull(member, inEvent) ? $"Wire.JsonWrite.RefuseNull({member.Name}.Presence, {names});" : null;
    }

    /// <summary>The value of a write type's property, copied from the view's property: what was read, in a form that may be written.</summary>
    public static string Copy(MemberModel member, bool inEvent) =>
        !RefusesNull(member) ? CopyAsRead(member, inEvent)
        : IsOrNull(member, inEvent) ? CopyOrNull(member, inEvent)
        : $"Views.Copy.WithoutNull({CopyAsRead(member, inEvent)})";

    private static string CopyOrNull(MemberModel member, bool inEvent) => member.Type.Shape is ValueShape.Object or ValueShape.Union
        ? $"Views.Copy.ObjectOrNull<{member.Type.Name}View, {member.Type.Name}>({member.Name})"
        : $"Views.Copy.OrNull({CopyAsRead(member, inEvent)})";

    private static string CopyAsRead(MemberModel member, bool inEvent)
    {
        string copy = "Views.Copy.";
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

    public static string Nullable(MemberModel member) => Nullable(!Plain(member));

    private static string Nullable(bool allowed) => allowed ? "nullable: true" : "nullable: false";

    private static string ElementView(ValueModel item) => item.Shape switch
    {
        ValueShape.Text or ValueShape.Enum => "TextView",
        ValueShape.Integer => "IntegerView",
        ValueShape.Object or ValueShape.Union => $"{item.Name}View",
        _ => "RawJsonView",
    };

    private static string ElementType(ValueModel item) => item.Shape switch
    {
        ValueShape.Text => "Text",
        ValueShape.Enum => $"OpenEnum<{item.Name}>",
        ValueShape.Integer => "long",
        ValueShape.Object or ValueShape.Union => item.Name,
        _ => "RawJson",
    };

    private static Exception Unexpected(MemberModel member) => new InvalidOperationException($"A member of shape {member.Type.Shape} reached the emitter.");
}
