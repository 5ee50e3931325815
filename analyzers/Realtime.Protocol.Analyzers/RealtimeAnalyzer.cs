using System;
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
    private readonly WalkCosts? _costs;

    /// <summary>Makes the analyzer with all of its rules.</summary>
    public RealtimeAnalyzer()
        : this(Rule.All)
    {
    }

    /// <summary>With some of the rules, for a test of one; or to measure what they cost.</summary>
    internal RealtimeAnalyzer(ImmutableArray<Rule> rules, WalkCosts? costs = null)
    {
        (_rules, _costs) = (rules, costs);
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
        _costs?.Switch(WalkCosts.Knowing);
        try
        {
            Ask(start);
        }
        finally
        {
            _costs?.Switch(null);
        }
    }

    private void Ask(CompilationStartAnalysisContext start)
    {
        if (World.Of(start.Compilation) is not { } world)
        {
            return;
        }

        var asked = ImmutableArray.CreateBuilder<Interests>(_rules.Length);
        foreach (var rule in _rules)
        {
            var interests = new Interests(world, rule.Descriptors[0].Id);
            rule.Begin(interests);
            asked.Add(interests);
        }

        if (SharedWalk.Of(world, asked, _costs) is not { } walk)
        {
            return;
        }

        start.RegisterSemanticModelAction(walk.Visit);
        foreach (var interests in asked)
        {
            foreach (var end in interests.Ends)
            {
                start.RegisterCompilationEndAction(_costs is null ? end : context => Measure(_costs, interests.Rule, end, context));
            }
        }
    }

    private static void Measure(WalkCosts costs, string rule, Action<CompilationAnalysisContext> end, CompilationAnalysisContext context)
    {
        costs.Switch(rule);
        end(context);
        costs.Switch(null);
    }
}
