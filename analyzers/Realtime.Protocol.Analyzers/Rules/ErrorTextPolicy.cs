using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>Where the text of a realtime error is read, and how it travels: the message of an error or of an exception, and the same member of raw JSON.</summary>
/// <remarks>The message of just any exception counts where it was caught around a call of a known session.</remarks>
internal sealed class ErrorTextPolicy : ITaintPolicy
{
    private const Act Calls = Act.Configure | Act.SendAudio | Act.CommitAudio | Act.ClearAudio | Act.AddItem | Act.AskForResponse | Act.Cancel | Act.Truncate
        | Act.SendRaw | Act.SendEvent | Act.Receive | Act.Close;

    private static readonly ImmutableHashSet<string> Passing =
    [
        nameof(ToString), "ToLower", "ToLowerInvariant", "ToUpper", "ToUpperInvariant", "Trim", "TrimStart", "TrimEnd", "Replace", "Substring", "AsSpan", "Normalize", "Concat", "Format", "GetString",
    ];

    private readonly HashSet<SyntaxNode> _read;

    private ErrorTextPolicy(HashSet<SyntaxNode> read) => _read = read;

    /// <summary>Null where the body reads no error's text.</summary>
    public static ErrorTextPolicy? Of(Body body)
    {
        HashSet<SyntaxNode> read = [.. body.Operations.Where(operation => Reads(body, operation)).Select(static operation => operation.Syntax)];
        return read.Count > 0 ? new ErrorTextPolicy(read) : null;
    }

    public bool IsSource(IOperation value) => value is IPropertyReferenceOperation or IInvocationOperation && _read.Contains(value.Syntax);

    public bool IsSource(IParameterSymbol parameter) => false;

    public Content ContentOf(IOperation value) => value switch
    {
        IInvocationOperation call when Passing.Contains(call.TargetMethod.Name) =>
            Content.CopyOf([.. call.Arguments.Select(static argument => argument.Value), .. call.Instance is { } instance ? [instance] : ImmutableArray<IOperation>.Empty]),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum => Content.CopyOf(sum.LeftOperand, sum.RightOperand),
        IInterpolatedStringOperation text => Content.CopyOf([.. text.Parts.OfType<IInterpolationOperation>().Select(static part => part.Expression)]),
        IPropertyReferenceOperation { Instance: { } instance, Property.Name: "Raw" or "Value" or "Span" } => Content.CopyOf(instance),
        _ => Content.None,
    };

    public IEnumerable<BufferWrite> WritesOf(IOperation call, ImmutableArray<IArgumentOperation> arguments) => [];

    private static bool Reads(Body body, IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property: { Name: "Message" } property, Instance: { } instance } =>
            (body.World.Apis.ActOf(property) & Act.ErrorText) != 0 || (IsException(property.ContainingType) && IsOfSession(body, instance)),
        IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } owner, Arguments: { Length: 1 } index } => Names(index[0].Value, "message") && IsErrorObject(body, owner),
        IInvocationOperation { TargetMethod.Name: "GetProperty", Instance: { } owner, Arguments: { Length: 1 } name } => Names(name[0].Value, "message") && IsErrorObject(body, owner),
        _ => false,
    };

    private static bool IsErrorObject(Body body, IOperation value)
    {
        if (value is IConditionalAccessInstanceOperation)
        {
            var inner = value;
            while (inner.Parent is { } outer && !(outer is IConditionalAccessOperation access && access.WhenNotNull == inner))
            {
                inner = outer;
            }

            value = inner.Parent is IConditionalAccessOperation { Operation: var asked } ? asked : value;
        }

        return SoleValue.Behind(body, value) switch
        {
            IPropertyReferenceOperation { Property.IsIndexer: true, Arguments: { Length: 1 } index } => Names(index[0].Value, "error"),
            IInvocationOperation { TargetMethod.Name: "GetProperty", Arguments: { Length: 1 } name } => Names(name[0].Value, "error"),
            _ => false,
        };
    }

    private static bool Names(IOperation value, string member) => (value is IConversionOperation conversion ? conversion.Operand : value).ConstantValue is { HasValue: true, Value: string name } && name == member;

    private static bool IsOfSession(Body body, IOperation exception)
    {
        for (var type = exception.Type; type is not null; type = type.BaseType)
        {
            if (type.Name is "RealtimeException" or "RealtimeConnectException" && type.ContainingNamespace.ToDisplayString() == "Realtime.Protocol")
            {
                return true;
            }
        }

        return exception is ILocalReferenceOperation { Local: var local } && CatchOf(exception, local) is { Parent: ITryOperation { Body: { } guarded } }
            && guarded.Descendants().Any(operation => operation is IInvocationOperation && (body.World.Apis.ActOf(operation) & Calls) != 0);
    }

    private static ICatchClauseOperation? CatchOf(IOperation use, ILocalSymbol local)
    {
        for (var outer = use.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is ICatchClauseOperation { ExceptionDeclarationOrExpression: IVariableDeclaratorOperation declared } clause && SymbolEqualityComparer.Default.Equals(declared.Symbol, local))
            {
                return clause;
            }
        }

        return null;
    }

    private static bool IsException(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type is { Name: "Exception", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
            {
                return true;
            }
        }

        return false;
    }
}
