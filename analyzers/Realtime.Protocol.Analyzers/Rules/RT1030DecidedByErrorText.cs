using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT1030: a program decides by the text of an error, which is made for people, instead of by its code.</summary>
internal sealed class RT1030DecidedByErrorText : Rule
{
    public const string Id = "RT1030";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Decision by the text of an error",
        "'{0}' decides by the text of an error, which is made for people and changes without notice; decide by its code",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The text of an error is reworded, translated and shortened without notice. Its code stays, and is what the protocol promises.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    private static readonly ImmutableHashSet<string> Deciding =
        ["Contains", "StartsWith", "EndsWith", "IndexOf", nameof(Equals), "Compare", "CompareOrdinal", "CompareTo", "IsMatch", "Match", "SequenceEqual"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked) => asked
        .Group(words: ["message"], acts: Act.ErrorText)
        .Group(words: ["error", "catch", "err", "problem", "Error", "Problem", "ServerError", "RealtimeError", "ErrorDetailsView", "ErrorContent", "SessionUpdateError", "SessionUpdateErrorDetails", "ConversationErrorUpdate", "RealtimeServerUpdateError"])
        .OnBody(Check);

    private static void Check(Body body)
    {
        if (ErrorTextPolicy.Of(body) is not { } policy || body.Graph is not { } graph)
        {
            return;
        }

        var reported = new HashSet<TextSpan>();
        ForwardTaint.Follow(graph, policy, (operation, flow) =>
        {
            if (Decision(operation, flow) is { } how && !AsksForTheCode(body, operation.Syntax) && reported.Add(operation.Syntax.Span))
            {
                body.Report(Descriptor, operation.Syntax, how);
            }
        });
    }

    // A code that several mistakes share is told apart by the text where both are asked for at once.
    private static bool AsksForTheCode(Body body, SyntaxNode decision)
    {
        var whole = decision;
        while (whole.Parent is ExpressionSyntax outer)
        {
            whole = outer;
        }

        return body.Operations.Any(operation => operation is IPropertyReferenceOperation && whole.Span.Contains(operation.Syntax.Span) && (body.World.Apis.ActOf(operation) & Act.ErrorCode) != 0);
    }

    private static string? Decision(IOperation operation, ForwardTaint flow) => operation switch
    {
        IInvocationOperation { TargetMethod: { Name: var name, ContainingType: var type } } call when Deciding.Contains(name) && IsOfText(type) && Compared(call, flow) => name,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } comparison
            when (IsText(comparison.RightOperand) && flow.IsTainted(comparison.LeftOperand)) || (IsText(comparison.LeftOperand) && flow.IsTainted(comparison.RightOperand)) => "==",
        IIsPatternOperation { Pattern: var pattern, Value: var value } when HasText(pattern) && flow.IsTainted(value) => "is",
        _ => null,
    };

    // What is looked for has to be more than nothing: to ask whether there is a text at all is no decision by it.
    private static bool Compared(IInvocationOperation call, ForwardTaint flow)
    {
        var compared = call.Instance is { } instance && flow.IsTainted(instance);
        foreach (var argument in call.Arguments)
        {
            if (argument.Value.ConstantValue is { HasValue: true, Value: null or "" } && argument.Parameter is { Ordinal: 0 or 1, Type.SpecialType: SpecialType.System_String })
            {
                return false;
            }

            // Of an instance's own arguments, the text to look for may be an error's, which decides nothing about the error.
            compared |= call.TargetMethod.IsStatic && flow.IsTainted(argument.Value);
        }

        return compared;
    }

    private static bool IsText(IOperation operand) => operand.ConstantValue is { HasValue: true, Value: string { Length: > 0 } };

    private static bool HasText(IPatternOperation pattern) => pattern switch
    {
        IConstantPatternOperation constant => IsText(constant.Value),
        IBinaryPatternOperation both => HasText(both.LeftPattern) || HasText(both.RightPattern),
        INegatedPatternOperation not => HasText(not.Pattern),
        _ => false,
    };

    private static bool IsOfText(INamedTypeSymbol type) => type.SpecialType == SpecialType.System_String
        || (type.Name, type.ContainingNamespace.ToDisplayString()) is ("MemoryExtensions", "System") or ("Regex", "System.Text.RegularExpressions") or ("TextView", "Realtime.Protocol.Events");
}
