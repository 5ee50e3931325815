using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Analyzers.Flow;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT2001: base64 text reaches a place that takes raw audio.</summary>
/// <remarks>
/// This file knows the places: <c>[RawAudio]</c> parameters, properties and fields. Where base64 text comes from is
/// <see cref="Base64TextPolicy"/>, how it gets from there to here is <see cref="ForwardTaint"/>. A graph is built only for a body that
/// mentions such a place at all.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RT2001Base64TextAsRawAudio : DiagnosticAnalyzer
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "RT2001";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "Base64 text where raw audio is expected",
        "'{0}' takes raw audio bytes, but this value is base64 text; pass the bytes that were encoded, or decode it first",
        RuleCategories.Audio,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Audio is encoded as base64 by the writer. Text that is base64 already would be encoded twice, and the server plays and transcribes noise without reporting an error.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (Annotation.Find(start.Compilation, KnownSymbols.RawAudioAttribute) is not { } rawAudio)
            {
                return;
            }

            var base64Text = Annotation.Find(start.Compilation, KnownSymbols.Base64TextAttribute);
            var bodies = new Bodies(rawAudio, new Base64TextPolicy(start.Compilation, base64Text));
            start.RegisterOperationBlockAction(bodies.Check);
        });
    }

    private sealed class Bodies(Annotation rawAudio, ITaintPolicy policy)
    {
        public void Check(OperationBlockAnalysisContext context)
        {
            // A constructor comes as two blocks, initializer and body, of one graph.
            var roots = new HashSet<IOperation>(context.OperationBlocks.Select(Root));
            foreach (var root in roots.Where(HasGraph).Where(root => root.DescendantsAndSelf().Any(MentionsRawAudio)))
            {
                var block = context.OperationBlocks.First(part => Root(part) == root);
                var reported = new HashSet<TextSpan>();
                ForwardTaint.Follow(context.GetControlFlowGraph(block), policy, (operation, flow) =>
                {
                    foreach (var (place, value) in SinksOf(operation, flow))
                    {
                        // A finally clause appears in the graph once for each way through it.
                        if (flow.IsTainted(value) && reported.Add(value.Syntax.Span))
                        {
                            context.ReportDiagnostic(Diagnostic.Create(Rule, value.Syntax.GetLocation(), place.Name));
                        }
                    }
                });
            }
        }

        private static IOperation Root(IOperation operation)
        {
            while (operation.Parent is { } parent)
            {
                operation = parent;
            }

            return operation;
        }

        private static bool HasGraph(IOperation root) => root is IMethodBodyBaseOperation or IBlockOperation or ISymbolInitializerOperation;

        private bool MentionsRawAudio(IOperation operation) => operation switch
        {
            IArgumentOperation { Parameter: { } parameter } => rawAudio.IsOn(parameter),
            IConversionOperation { OperatorMethod: { } conversion } => rawAudio.IsOn(conversion.Parameters[0]),
            IMemberReferenceOperation { Member: IPropertySymbol or IFieldSymbol } reference => rawAudio.IsOn(reference.Member),
            IFieldInitializerOperation initializer => initializer.InitializedFields.Any(rawAudio.IsOn),
            IPropertyInitializerOperation initializer => initializer.InitializedProperties.Any(rawAudio.IsOn),
            _ => false,
        };

        private IEnumerable<(ISymbol Place, IOperation Value)> SinksOf(IOperation operation, ForwardTaint flow) => operation switch
        {
            IArgumentOperation { Parameter: { } parameter } argument when rawAudio.IsOn(parameter) => [(parameter, argument.Value)],
            IConversionOperation { OperatorMethod: { } conversion } value when rawAudio.IsOn(conversion.Parameters[0]) => [(conversion.Parameters[0], value.Operand)],
            IAssignmentOperation assignment => flow.TargetsOf(assignment.Target).SelectMany(target => Assigned(target, assignment.Value)),
            _ => [],
        };

        private IEnumerable<(ISymbol Place, IOperation Value)> Assigned(IOperation target, IOperation value)
        {
            if (target is IMemberReferenceOperation { Member: IPropertySymbol or IFieldSymbol } reference)
            {
                return rawAudio.IsOn(reference.Member) ? [(reference.Member, value)] : [];
            }

            while (value is IConversionOperation conversion)
            {
                value = conversion.Operand;
            }

            return target is ITupleOperation targets && value is ITupleOperation values
                ? targets.Elements.Zip(values.Elements, Assigned).SelectMany(sinks => sinks)
                : [];
        }
    }
}
