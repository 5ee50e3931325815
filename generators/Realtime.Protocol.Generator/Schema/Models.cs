using System.Linq;

namespace Realtime.Protocol.Generator.Schema;

// The models that flow through the pipeline: what a schema says, in equatable records without positions, syntax or symbols.
// A model is equal to another one exactly when the code generated from both is equal, so an edit of white space stops here.

/// <summary>The role that a file's folder gives it.</summary>
internal enum SchemaRole
{
    Client,
    Server,
    Object,
}

/// <summary>What a value looks like on the wire and which code reads and writes it.</summary>
internal enum ValueShape
{
    Text,
    Enum,
    Integer,
    Number,
    Boolean,
    Base64,
    IntegerOrInfinity,
    Object,
    Union,
    List,
    StringMap,
    Any,

    /// <summary>A $ref that is looked up once every file is known.</summary>
    Reference,
}

internal enum TypeCategory
{
    Event,
    Object,
    Enum,
    Union,

    /// <summary>A file that names a plain shape, such as a map, and makes no type.</summary>
    Alias,
}

/// <summary>The type of a member, an element or an alternative.</summary>
/// <param name="Name">The C# type of an object, union or enum; the file of a reference.</param>
/// <param name="Text">Of a union of which one alternative is a text: the type of that text. Empty otherwise.</param>
/// <param name="Item">The elements of a list.</param>
/// <param name="IsMadeOnUse">An object that a member of another one may make when it is first looked at, since nothing in it must be set.</param>
/// <param name="MaxPairs">Limits of a map; zero is none.</param>
internal sealed record ValueModel(ValueShape Shape, string Name = "", string Text = "", ValueModel? Item = null, bool IsMadeOnUse = false, int MaxPairs = 0, int MaxKeyLength = 0, int MaxValueLength = 0);

/// <summary>One member of an object or event.</summary>
/// <param name="IsHot">Its value differs from one message to the next, in an event that comes many times a second.</param>
/// <param name="Const">The only value that the member can have; such a member is written by itself.</param>
internal sealed record MemberModel(string WireName, string Name, string Description, ValueModel Type, bool IsRequired, bool IsNullable, bool IsDeprecated, bool IsHot, string? Const);

internal sealed record EnumValueModel(string WireValue, string Name);

/// <summary>One alternative of a union.</summary>
/// <param name="Tag">The discriminator's value, where the alternative has one.</param>
/// <param name="KindName">The alternative's name in the union's kind enumeration.</param>
internal sealed record AlternativeModel(string? Tag, string KindName, ValueModel Type, string Description);

/// <summary>One type to be generated.</summary>
internal sealed record TypeModel(
    TypeCategory Category,
    string Name,
    string WireName,
    string Description,
    string SourceFile,
    SchemaRole Role,
    EquatableArray<MemberModel> Members,
    EquatableArray<EnumValueModel> Values,
    EquatableArray<AlternativeModel> Alternatives,
    EquatableArray<MemberModel> CommonMembers,
    string? BaseName,
    ValueModel? AliasOf,
    int Number,
    bool IsHot,
    bool IsSequenced,
    bool IsSessionOwned)
{
    /// <summary>True for an event that an application may send by itself, beside what a session sends.</summary>
    public bool IsSendable => Category == TypeCategory.Event && Role == SchemaRole.Client && !IsSequenced && !IsSessionOwned;

    /// <summary>The alternative of a union that is a text, if it has one.</summary>
    public AlternativeModel? TextAlternative => Alternatives.FirstOrDefault(static alternative => alternative.KindName == "Text" && alternative.Type.Shape is ValueShape.Text or ValueShape.Enum);

    /// <summary>The type of that text: its enumeration, or plain text; empty without such an alternative.</summary>
    public string TextName => TextAlternative is not { Type: var text } ? "" : text.Shape == ValueShape.Enum ? text.Name : "Text";

    /// <summary>True when nothing in an object must be set, so that it can be made without being told anything.</summary>
    public bool CanBeEmpty => Category == TypeCategory.Object && Members.All(static member => member.Const is not null || !member.IsRequired);
}

/// <summary>A family of the protocol: where its types go.</summary>
internal sealed record FamilyModel(string Name, string Namespace);

/// <summary>What one schema file says.</summary>
internal sealed record FileModel(string Path, string Key, FamilyModel Family, SchemaRole Role, EquatableArray<TypeModel> Types, EquatableArray<SchemaProblem> Problems);

/// <summary>A diagnostic as data: a Location holds a syntax tree or compares by reference, and would break the caching.</summary>
internal sealed record SchemaProblem(string Id, string Path, int Start, int Length, int StartLine, int StartColumn, int EndLine, int EndColumn, string Message);

/// <summary>One type with its family, ready to be written.</summary>
internal sealed record ResolvedType(FamilyModel Family, TypeModel Type);
