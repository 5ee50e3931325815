using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Flow;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>Where base64 text comes from, which calls pass it on, and which calls end it.</summary>
/// <remarks>
/// What is not listed passes nothing on: a call that nobody here knows may well decode. Except for <c>ToString()</c> and <c>CopyTo</c>,
/// which promise the same everywhere, only the framework's methods are listed; other code says what it does with <c>[Base64Text]</c>.
/// </remarks>
internal sealed class Base64TextPolicy(Compilation compilation, Annotation? base64Text) : ITaintPolicy
{
    /// <summary>The names of the framework methods that make base64 text.</summary>
    public static readonly ImmutableHashSet<string> Encoders =
    [
        "ToBase64String", "ToBase64CharArray", "TryToBase64Chars",
        "ToBase64Transform", "EncodeToUtf8", "EncodeToUtf8InPlace", "TryEncodeToUtf8", "TryEncodeToUtf8InPlace", "EncodeToChars", "TryEncodeToChars", "EncodeToString",
    ];

    /// <summary>Framework methods whose result looks into the storage of the receiver or first argument.</summary>
    private static readonly ImmutableHashSet<string> Views =
    [
        "AsSpan", "AsMemory", "AsBytes", "Cast", "Slice", "Trim", "TrimStart", "TrimEnd", "ConfigureAwait", "AsTask", "GetAwaiter", "GetResult", "GetBuffer", "GetEnumerator",
    ];

    /// <summary>Framework methods whose result is a copy of the receiver or first argument, or of a part of it.</summary>
    private static readonly ImmutableHashSet<string> Copies =
    [
        "ToArray", "ToCharArray", nameof(ToString), "Clone", "Substring", "Remove", "Replace", "Insert", "PadRight", "PadLeft", "Concat", "Take", "Skip", "ToList", "Create",
        "First", "FirstOrDefault", "Last", "LastOrDefault", "Single", "SingleOrDefault", "ElementAt", "Where", "AsEnumerable", "Reverse",
    ];

    /// <summary>Framework properties that hand out the content of their object.</summary>
    private static readonly ImmutableHashSet<string> Parts =
        ["Span", "Memory", "First", "FirstSpan", "Array", "Value", "Result", "WrittenSpan", "WrittenMemory", "Current"];

    /// <summary>Methods of <c>StringBuilder</c> that add text to it and return it.</summary>
    private static readonly ImmutableHashSet<string> Appends = ["Append", "AppendLine", "AppendFormat", "AppendJoin", "Insert"];

    /// <summary>Framework types that are made around the content given to their constructor.</summary>
    private static readonly ImmutableHashSet<string> Wrappers =
        ["String", "Span", "ReadOnlySpan", "Memory", "ReadOnlyMemory", "ReadOnlySequence", "ArraySegment", "ValueTask", "MemoryStream"];

    private readonly ImmutableArray<INamedTypeSymbol> _convert = compilation.GetTypesByMetadataName(KnownSymbols.Convert);
    private readonly ImmutableArray<INamedTypeSymbol> _base64 = compilation.GetTypesByMetadataName(KnownSymbols.Base64);
    private readonly ImmutableArray<INamedTypeSymbol> _base64Url = compilation.GetTypesByMetadataName(KnownSymbols.Base64Url);
    private readonly ImmutableArray<INamedTypeSymbol> _encoding = compilation.GetTypesByMetadataName(KnownSymbols.Encoding);
    private readonly ImmutableArray<INamedTypeSymbol> _encodingExtensions = compilation.GetTypesByMetadataName(KnownSymbols.EncodingExtensions);
    private readonly ImmutableArray<INamedTypeSymbol> _utf8 = compilation.GetTypesByMetadataName(KnownSymbols.Utf8);
    private readonly ImmutableArray<INamedTypeSymbol> _array = compilation.GetTypesByMetadataName(KnownSymbols.Array);
    private readonly ImmutableArray<INamedTypeSymbol> _buffer = compilation.GetTypesByMetadataName(KnownSymbols.Buffer);
    private readonly ImmutableArray<INamedTypeSymbol> _span = compilation.GetTypesByMetadataName(KnownSymbols.Span);
    private readonly ImmutableArray<INamedTypeSymbol> _memory = compilation.GetTypesByMetadataName(KnownSymbols.Memory);
    private readonly ImmutableArray<INamedTypeSymbol> _textView = compilation.GetTypesByMetadataName(KnownSymbols.TextView);
    private readonly ImmutableArray<INamedTypeSymbol> _stringBuilder = compilation.GetTypesByMetadataName("System.Text.StringBuilder");
    private readonly ImmutableArray<INamedTypeSymbol> _memoryStream = compilation.GetTypesByMetadataName("System.IO.MemoryStream");
    private readonly ImmutableArray<INamedTypeSymbol> _cryptoStream = compilation.GetTypesByMetadataName("System.Security.Cryptography.CryptoStream");
    private readonly ImmutableArray<INamedTypeSymbol> _toBase64 = compilation.GetTypesByMetadataName("System.Security.Cryptography.ToBase64Transform");
    private readonly ImmutableArray<INamedTypeSymbol> _enumerable = compilation.GetTypesByMetadataName("System.Linq.Enumerable");
    private readonly ImmutableArray<INamedTypeSymbol> _memoryExtensions = compilation.GetTypesByMetadataName(KnownSymbols.MemoryExtensions);

    public bool IsSource(IParameterSymbol parameter) =>
        IsMarked(parameter)
        || parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.PropertySet, AssociatedSymbol: IPropertySymbol property }
            && IsMarked(property) && parameter.Ordinal == property.Parameters.Length;

    public bool IsSource(IOperation value) => value switch
    {
        IInvocationOperation call => IsMarked(call.TargetMethod) || (Encodes(call.TargetMethod) && call.Type is IArrayTypeSymbol or { SpecialType: SpecialType.System_String }),
        IMethodReferenceOperation group => IsMarked(group.Method) || (Encodes(group.Method) && group.Method.ReturnType is IArrayTypeSymbol or { SpecialType: SpecialType.System_String }),
        IObjectCreationOperation creation => Is(creation.Type, _cryptoStream) && EncodingTransform(creation, mode: 0) is not null,
        IPropertyReferenceOperation property => IsMarked(property.Property) || (property.Property.GetMethod is { } getter && IsMarked(getter)),
        IFieldReferenceOperation field => IsMarked(field.Field),
        IConversionOperation { OperatorMethod: { } conversion } => IsMarked(conversion),
        _ => false,
    };

    public Content ContentOf(IOperation value) => value switch
    {
        IInvocationOperation call => ContentOf(call),
        IObjectCreationOperation { Arguments.Length: > 0 } creation when Is(creation.Type, _stringBuilder) => Content.CopyOf(creation.Arguments[0].Value),
        IObjectCreationOperation { Arguments.Length: > 0, Type: { } type } creation when IsFramework(type) && Wrappers.Contains(type.Name) =>
            Content.ViewOf(creation.Arguments[0].Value),
        IPropertyReferenceOperation { Instance: { } instance, Property: var property } when IsFramework(property.ContainingType) && Parts.Contains(property.Name) && !IsElement(property.Type) =>
            Content.ViewOf(instance),
        IPropertyReferenceOperation { Instance: { } instance, Property.Name: "Raw", Property.ContainingType: var view } when Is(view, _textView) => Content.ViewOf(instance),
        // A range, not an element: an element of text is a number or a character.
        IImplicitIndexerReferenceOperation { IndexerSymbol: IMethodSymbol } slice => Content.ViewOf(slice.Instance),
        IArrayElementReferenceOperation { Type: IArrayTypeSymbol or { SpecialType: SpecialType.System_String } } slice => Content.CopyOf(slice.ArrayReference),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum => Content.CopyOf([.. Terms(sum)]),
        IInterpolatedStringOperation text => Content.CopyOf([.. text.Parts.OfType<IInterpolationOperation>().Select(part => part.Expression)]),
        ICollectionExpressionOperation collection => Content.CopyOf([.. collection.Elements.OfType<ISpreadOperation>().Select(spread => spread.Operand)]),
        _ => Content.None,
    };

    public IEnumerable<BufferWrite> WritesOf(IOperation call, ImmutableArray<IArgumentOperation> arguments)
    {
        var method = call is IInvocationOperation { TargetMethod: var target } ? target : null;
        if (method is not null && Appended(method, (IInvocationOperation)call) is { } appended)
        {
            foreach (var write in appended)
            {
                yield return write;
            }

            yield break;
        }

        var source = method is null ? null : Transcoded(method, arguments) ?? Copied(call, method, arguments);
        foreach (var argument in arguments)
        {
            if (argument.Parameter is not { } parameter || argument.ArgumentKind == ArgumentKind.DefaultValue)
            {
                continue;
            }

            if (IsMarked(parameter))
            {
                // In or out, what is behind the argument is base64 text after the call.
                yield return new BufferWrite(argument.Value, Tainted: true);
            }
            else if (source is not null && argument.Value != source && IsBuffer(parameter.Type))
            {
                yield return new BufferWrite(argument.Value, Tainted: false, source);
            }
            else if (method is not null && Encodes(method) && IsEncoded(parameter.Type))
            {
                yield return new BufferWrite(argument.Value, Tainted: true);
            }
            else if (IsOverwritten(parameter, method))
            {
                yield return new BufferWrite(argument.Value, Tainted: false);
            }
        }
    }

    private Content ContentOf(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (Transcoded(method, call.Arguments) is { } text)
        {
            return call.Type is IArrayTypeSymbol or { SpecialType: SpecialType.System_String } ? Content.CopyOf(text) : Content.None;
        }

        if (Is(method.ContainingType, _enumerable) && method.Name is "Select" or "SelectMany" && call.Arguments.Length == 2)
        {
            // What comes out is what the selector makes.
            return Content.CopyOf(call.Arguments[1].Value);
        }

        if (IsElement(call.Type) || Receiver(call) is not { } receiver || !(IsFramework(method.ContainingType) || IsToString(method)))
        {
            return Content.None;
        }

        return method switch
        {
            { Name: "Concat" or "Join" or "Format", IsStatic: true, ContainingType.SpecialType: SpecialType.System_String } =>
                Content.CopyOf([.. call.Arguments.Select(argument => argument.Value)]),
            // The builder itself, with what was just added: nobody may hold it yet.
            _ when Appends.Contains(method.Name) && Is(method.ContainingType, _stringBuilder) =>
                new Content([receiver, .. call.Arguments.Select(static argument => argument.Value)], SharesStorage: true),
            _ when Views.Contains(method.Name) => Content.ViewOf(receiver),
            _ when Copies.Contains(method.Name) => Content.CopyOf(receiver),
            _ => Content.None,
        };
    }

    /// <summary>The transform that a stream encodes through, given when it is made: 0 as it is read, 1 as it is written.</summary>
    public IOperation? EncodingTransform(IObjectCreationOperation creation, int mode) =>
        creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 1)?.Value is { } transform
            && Is(Unconverted(transform).Type, _toBase64)
            && creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 2)?.Value.ConstantValue is { HasValue: true, Value: int chosen } && chosen == mode
            ? transform
            : null;

    /// <summary>What a call adds to a builder or a stream in memory, or that it empties one; null when it is none of these calls.</summary>
    private IEnumerable<BufferWrite>? Appended(IMethodSymbol method, IInvocationOperation call) =>
        call.Instance is not { } target ? null
        : Is(method.ContainingType, _stringBuilder) && Appends.Contains(method.Name) ? call.Arguments.Select(argument => new BufferWrite(target, Tainted: false, argument.Value, Adds: true))
        : Is(target.Type, _memoryStream) && method.Name is "Write" or "WriteAsync" && call.Arguments.Length > 0 ? [new BufferWrite(target, Tainted: false, call.Arguments[0].Value, Adds: true)]
        : (Is(method.ContainingType, _stringBuilder) && method.Name == "Clear") || (Is(target.Type, _memoryStream) && method.Name == "SetLength") ? [new BufferWrite(target, Tainted: false)]
        : null;

    // An element of text is a number or a character, and neither is text.
    private static bool IsElement(ITypeSymbol? type) => type is { SpecialType: not (SpecialType.None or SpecialType.System_String or SpecialType.System_Object) } and { TypeKind: not TypeKind.Interface };

    private static IOperation Unconverted(IOperation value) => value is IConversionOperation conversion ? Unconverted(conversion.Operand) : value;

    /// <summary>The text that a call turns from characters into bytes or back: it is base64 before and after.</summary>
    private IOperation? Transcoded(IMethodSymbol method, ImmutableArray<IArgumentOperation> arguments)
    {
        var position =
            IsEncoding(method.ContainingType) && method.Name is "GetBytes" or "GetString" or "GetChars" or "TryGetBytes" or "TryGetChars" ? 0
            : Is(method.ContainingType, _encodingExtensions) && method.Name is "GetBytes" or "GetString" or "GetChars" ? 1
            : Is(method.ContainingType, _utf8) && method.Name is "FromUtf16" or "ToUtf16" ? 0
            : -1;
        return position < 0 ? null : arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == position)?.Value;
    }

    private IOperation? Copied(IOperation call, IMethodSymbol method, ImmutableArray<IArgumentOperation> arguments) =>
        method.Name is "CopyTo" or "TryCopyTo" && (IsFramework(method.ContainingType) || !method.IsStatic) ? Receiver((IInvocationOperation)call)
        : (Is(method.ContainingType, _array) && method.Name is "Copy" or "ConstrainedCopy") || (Is(method.ContainingType, _buffer) && method.Name == "BlockCopy")
            ? arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value
        : null;

    private bool Encodes(IMethodSymbol method) =>
        Is(method.ContainingType, _convert) ? method.Name is "ToBase64String" or "ToBase64CharArray" or "TryToBase64Chars"
        : (Is(method.ContainingType, _base64) || Is(method.ContainingType, _base64Url)) && method.Name.IndexOf("Encode", StringComparison.Ordinal) is 0 or 3;

    /// <summary>What a copying or transcoding method writes to, apart from its source.</summary>
    private bool IsBuffer(ITypeSymbol type) => IsWritable(type) || type is IArrayTypeSymbol or { Name: "Array" or "IBufferWriter" };

    /// <summary>What an encoding method writes to: its input is a byte array or read-only.</summary>
    private bool IsEncoded(ITypeSymbol type) => IsWritable(type) || type is IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Char };

    /// <summary>A call that nobody listed gives this argument content of its own; whether that is base64 is not known, so it is not assumed.</summary>
    private bool IsOverwritten(IParameterSymbol parameter, IMethodSymbol? method) =>
        parameter.RefKind is RefKind.Out or RefKind.Ref
        || (method is not null
            && !Is(method.ContainingType, _memoryExtensions)
            && !Views.Contains(method.Name)
            && (IsWritable(parameter.Type) || (parameter.Type is IArrayTypeSymbol && Fills(method.Name))));

    private static bool Fills(string name) =>
        name.StartsWith("Read", StringComparison.Ordinal) || name.StartsWith("Receive", StringComparison.Ordinal) || name.StartsWith("Fill", StringComparison.Ordinal);

    // Of any type: the text of a value marked [Base64Text] is that text.
    private static bool IsToString(IMethodSymbol method) => method is { Name: nameof(ToString), IsStatic: false, Parameters.IsEmpty: true };

    private static IOperation? Receiver(IInvocationOperation call) =>
        call.Instance ?? call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value;

    // A long concatenation leans to the left; following it in a loop keeps the stack flat.
    private static IEnumerable<IOperation> Terms(IBinaryOperation sum)
    {
        IOperation left = sum;
        while (left is IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } binary)
        {
            yield return binary.RightOperand;
            left = binary.LeftOperand;
        }

        yield return left;
    }

    private bool IsMarked(ISymbol symbol) => base64Text is not null && base64Text.IsOn(symbol);

    private bool IsWritable(ITypeSymbol type) => Is(type, _span) || Is(type, _memory);

    private bool IsEncoding(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (Is(type, _encoding))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsFramework(ITypeSymbol type)
    {
        var space = type.ContainingNamespace;
        while (space is { ContainingNamespace: { IsGlobalNamespace: false } outer })
        {
            space = outer;
        }

        return space is { Name: "System" };
    }

    // A name may be known more than once: packages for older frameworks bring types of newer ones along.
    private static bool Is(ITypeSymbol? type, ImmutableArray<INamedTypeSymbol> known) =>
        type is not null && known.Contains(type.OriginalDefinition, SymbolEqualityComparer.Default);
}
