using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers;

/// <summary>The one analyzer that the compiler sees; the rules are behind it, on one <see cref="SharedWalk"/>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RealtimeAnalyzer : DiagnosticAnalyzer
{
    private readonly ImmutableArray<Rule> _rules;

    /// <summary>Makes the analyzer with all of its rules.</summary>
    public RealtimeAnalyzer()
        : this(Rule.All)
    {
    }

    /// <summary>With some of the rules: for a test of one, or to measure one.</summary>
    internal RealtimeAnalyzer(ImmutableArray<Rule> rules)
    {
        _rules = rules;
        SupportedDiagnostics = [.. rules.SelectMany(static rule => rule.Descriptors)];
    }

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(Start);
    }

    private void Start(CompilationStartAnalysisContext start)
    {
        if (World.Of(start.Compilation) is not { } world)
        {
            return;
        }

        var asked = _rules.Select(rule =>
        {
            var interests = new Interests(world);
            rule.Begin(interests);
            return interests;
        }).ToImmutableArray();

        if (SharedWalk.Of(world, asked) is not { } walk)
        {
            return;
        }

        start.RegisterSemanticModelAction(walk.Visit);
        foreach (var end in asked.SelectMany(static interests => interests.Ends))
        {
            start.RegisterCompilationEndAction(end);
        }
    }
}
