using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>Whether the code around a use has asked what kind of event it is, so that it cannot be one that only the sequencer sends.</summary>
/// <remarks>
/// An event of any kind has <c>Kind</c>, an enum that names the kinds, and a <c>TryGet…</c> for each. A kind is sequenced when the view of
/// that name, beside the enum, has a sequenced member. Looked at are the conditions around the use, and those before it that leave.
/// </remarks>
internal static class KindTests
{
    public static bool RuleOut(IOperation use, SequencedMembers members)
    {
        if (use is not IInvocationOperation { Instance: { } instance } || Variable(instance) is not { } subject)
        {
            return false;
        }

        var asked = new Question(subject, members);
        var inner = use;
        for (var outer = use.Parent; outer is not null; inner = outer, outer = outer.Parent)
        {
            switch (outer)
            {
                case IConditionalOperation test when (inner == test.WhenTrue && asked.RulesOut(test.Condition, true)) || (inner == test.WhenFalse && asked.RulesOut(test.Condition, false)):
                case IWhileLoopOperation { ConditionIsTop: true, Condition: { } condition } loop when inner == loop.Body && asked.RulesOut(condition, !loop.ConditionIsUntil):
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both when inner == both.RightOperand && asked.RulesOut(both.LeftOperand, true):
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either when inner == either.RightOperand && asked.RulesOut(either.LeftOperand, false):
                case ISwitchCaseOperation { Parent: ISwitchOperation choice } section when asked.RulesOut(choice, section):
                case IBlockOperation block when block.Operations.TakeWhile(statement => statement != inner).Any(asked.LeavesOtherwise):
                    return true;
                case IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return false;
            }
        }

        return false;
    }

    private static ISymbol? Variable(IOperation value) => value switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    private sealed class Question(ISymbol subject, SequencedMembers members)
    {
        /// <summary>If the condition has this outcome, the event is none that only the sequencer sends.</summary>
        public bool RulesOut(IOperation condition, bool outcome) => condition switch
        {
            IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } inverse => RulesOut(inverse.Operand, !outcome),
            IParenthesizedOperation inner => RulesOut(inner.Operand, outcome),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equal => Compares(equal, outcome),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.NotEquals } unequal => Compares(unequal, !outcome),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both => outcome
                ? RulesOut(both.LeftOperand, true) || RulesOut(both.RightOperand, true)
                : RulesOut(both.LeftOperand, false) && RulesOut(both.RightOperand, false),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either => outcome
                ? RulesOut(either.LeftOperand, true) && RulesOut(either.RightOperand, true)
                : RulesOut(either.LeftOperand, false) || RulesOut(either.RightOperand, false),
            IIsPatternOperation match when IsKind(match.Value) => Matches(match.Pattern, outcome),
            IInvocationOperation { TargetMethod.Name: var name, Instance: { } instance } call when name.StartsWith("TryGet", StringComparison.Ordinal) && IsSubject(instance) =>
                call.Arguments.FirstOrDefault()?.Parameter is { RefKind: RefKind.Out, Type: var view } && members.IsSequencedEvent(view) != outcome,
            _ => false,
        };

        /// <summary>The section is entered for kinds that are free: it names them, or it is the default and another section has each sequenced kind.</summary>
        public bool RulesOut(ISwitchOperation choice, ISwitchCaseOperation section)
        {
            if (!IsKind(choice.Value) || choice.Value.Type is not INamedTypeSymbol kinds)
            {
                return false;
            }

            var named = section.Clauses.OfType<ISingleValueCaseClauseOperation>().Select(static clause => KindOf(clause.Value)).ToList();
            if (section.Clauses.Any(static clause => clause is IDefaultCaseClauseOperation))
            {
                var elsewhere = choice.Cases.Where(other => other != section)
                    .SelectMany(static other => other.Clauses.OfType<ISingleValueCaseClauseOperation>()).Select(static clause => KindOf(clause.Value)).ToList();
                return named.All(IsFree)
                    && kinds.GetMembers().OfType<IFieldSymbol>().Where(IsSequenced).All(kind => elsewhere.Contains(kind, SymbolEqualityComparer.Default));
            }

            return named.Count == section.Clauses.Length && named.All(IsFree);
        }

        /// <summary>An "if" that goes away when the event is sequenced.</summary>
        public bool LeavesOtherwise(IOperation statement) =>
            statement is IConditionalOperation { WhenFalse: null, WhenTrue: var taken, Condition: var condition } && Leaves(taken) && RulesOut(condition, false);

        private static bool Leaves(IOperation statement) => statement switch
        {
            IReturnOperation or IBranchOperation or IThrowOperation => true,
            IExpressionStatementOperation { Operation: IThrowOperation } => true,
            IBlockOperation block => block.Operations.Length > 0 && Leaves(block.Operations[block.Operations.Length - 1]),
            _ => false,
        };

        private bool Compares(IBinaryOperation comparison, bool equal)
        {
            var kind = IsKind(comparison.LeftOperand) ? KindOf(comparison.RightOperand) : IsKind(comparison.RightOperand) ? KindOf(comparison.LeftOperand) : null;
            return Is(kind, equal);
        }

        private bool Matches(IPatternOperation pattern, bool matched) => pattern switch
        {
            INegatedPatternOperation inverse => Matches(inverse.Pattern, !matched),
            IConstantPatternOperation constant => Is(KindOf(constant.Value), matched),
            IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either => matched
                ? Matches(either.LeftPattern, true) && Matches(either.RightPattern, true)
                : Matches(either.LeftPattern, false) || Matches(either.RightPattern, false),
            IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } both => matched
                ? Matches(both.LeftPattern, true) || Matches(both.RightPattern, true)
                : Matches(both.LeftPattern, false) && Matches(both.RightPattern, false),
            _ => false,
        };

        private bool Is(IFieldSymbol? kind, bool equal) => equal ? IsFree(kind) : kind is not null && IsSequenced(kind) && IsOnlyOne(kind);

        private bool IsOnlyOne(IFieldSymbol kind) =>
            kind.ContainingType.GetMembers().OfType<IFieldSymbol>().Where(IsSequenced).All(other => SymbolEqualityComparer.Default.Equals(other, kind));

        private bool IsFree(IFieldSymbol? kind) => kind is not null && kind.ConstantValue is not 0 and not (ushort)0 && !IsSequenced(kind);

        private bool IsSequenced(IFieldSymbol kind) => kind.ContainingNamespace.GetTypeMembers(kind.Name + "View").Any(members.IsSequencedEvent);

        private bool IsKind(IOperation value) => Unwrapped(value) is IPropertyReferenceOperation { Property.Name: "Kind", Instance: { } instance } && IsSubject(instance);

        private bool IsSubject(IOperation instance) => SymbolEqualityComparer.Default.Equals(Variable(instance), subject);

        private static IFieldSymbol? KindOf(IOperation value) => (Unwrapped(value) as IFieldReferenceOperation)?.Field;

        private static IOperation Unwrapped(IOperation value) => value is IConversionOperation conversion ? Unwrapped(conversion.Operand) : value;
    }
}
