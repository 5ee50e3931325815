using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT1038: a program falls silent when a turn is, so it buffers what it plays, and never says how much of it was heard.</summary>
internal sealed class RT1038SilencedWithoutReports : Rule
{
    public const string Id = "RT1038";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "A player that falls silent and never reports",
        "'{0}' is used, but nothing in this project calls ReportPlayed, so all that was read counts as heard; report what was played",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "Without reports an interruption cuts the conversation where the audio was read and not where it was heard, which is later by all that the player buffers.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension,
        customTags: WellKnownDiagnosticTags.CompilationEnd);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked)
    {
        if (asked.World.Speaks(Library.Ours))
        {
            var project = new Project();
            asked
                .Group(words: ["Silenced"], acts: Act.ReportPlayed)
                .On(project.Hear, OperationKind.PropertyReference, OperationKind.Invocation, OperationKind.MethodReference)
                .AtEnd(project.Report);
        }
    }

    /// <summary>What was seen of one compilation, from many threads.</summary>
    private sealed class Project
    {
        private readonly ConcurrentBag<Location> _silenced = [];
        private volatile bool _reports;

        public void Hear(Body body, IOperation operation)
        {
            if ((body.World.Apis.ActOf(operation) & Act.ReportPlayed) != 0)
            {
                _reports = true;
            }
            else if (operation is IPropertyReferenceOperation { Property: { Name: "Silenced", ContainingType: var type } } && type.ToDisplayString() == OurApi.Turn)
            {
                _silenced.Add(operation.Syntax.GetLocation());
            }
        }

        public void Report(CompilationAnalysisContext end)
        {
            if (!_reports && _silenced.OrderBy(static location => location.SourceTree!.FilePath, System.StringComparer.Ordinal).ThenBy(static location => location.SourceSpan.Start).FirstOrDefault() is { } first)
            {
                // Once for the project: the report is missing everywhere, and one place is enough to say so.
                end.ReportDiagnostic(Diagnostic.Create(Descriptor, first, "Silenced"));
            }
        }
    }
}
