using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Realtime.Protocol.Analyzers.Walk;

/// <summary>The body of one member, bound: a method, an accessor, an initializer, or a program without a class. Nested functions belong to the member around them.</summary>
internal sealed class Body(World world, SemanticModelAnalysisContext context, ISymbol member, IOperation root, ImmutableArray<IOperation> operations, WalkCosts? costs)
{
    private readonly Lazy<ControlFlowGraph?> _graph = new(() => GraphOf(root, costs, context.CancellationToken));

    /// <summary>What the compilation knows of us and of others.</summary>
    public World World => world;

    /// <summary>The member that the body belongs to: method, accessor, field or property.</summary>
    public ISymbol Member => member;

    /// <summary>The compiler's view of the file.</summary>
    public SemanticModel Model => context.SemanticModel;

    /// <summary>The operation that holds all others.</summary>
    public IOperation Root => root;

    /// <summary>All operations of the body in the order of the source.</summary>
    public ImmutableArray<IOperation> Operations => operations;

    /// <summary>The compiler's control-flow graph; null where it makes none, as for code that does not compile. Its operations are copies: compare their syntax.</summary>
    public ControlFlowGraph? Graph => _graph.Value;

    /// <summary>Where to read keys of <c>.editorconfig</c> that hold for this file.</summary>
    public AnalyzerConfigOptions Options => context.Options.AnalyzerConfigOptionsProvider.GetOptions(Model.SyntaxTree);

    /// <summary>Stop, nobody waits any more.</summary>
    public System.Threading.CancellationToken Cancellation => context.CancellationToken;

    /// <summary>Says it, in the severity of the descriptor.</summary>
    public void Report(DiagnosticDescriptor rule, SyntaxNode at, params object[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, at.GetLocation(), arguments));

    /// <summary>Says it of a token or of part of a node.</summary>
    public void Report(DiagnosticDescriptor rule, Location at, params object[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, at, arguments));

    /// <summary>Says it in another severity than the descriptor's, for a rule that is surer in some places than in others.</summary>
    public void Report(DiagnosticDescriptor rule, DiagnosticSeverity severity, SyntaxNode at, params object[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, at.GetLocation(), severity, additionalLocations: null, properties: null, arguments));

    /// <summary>Says it together with what a code fix has to know.</summary>
    public void Report(DiagnosticDescriptor rule, SyntaxNode at, ImmutableDictionary<string, string?> properties, params object[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, at.GetLocation(), properties, arguments));

    private static ControlFlowGraph? GraphOf(IOperation root, WalkCosts? costs, System.Threading.CancellationToken cancel)
    {
        if (costs is null)
        {
            return GraphOf(root, cancel);
        }

        costs.GraphsMade++;
        var rule = costs.Switch(WalkCosts.Graphs);
        var graph = GraphOf(root, cancel);
        costs.Switch(rule);
        return graph;
    }

    private static ControlFlowGraph? GraphOf(IOperation root, System.Threading.CancellationToken cancel) => root switch
    {
        IMethodBodyOperation body => ControlFlowGraph.Create(body, cancel),
        IConstructorBodyOperation body => ControlFlowGraph.Create(body, cancel),
        IBlockOperation block => ControlFlowGraph.Create(block, cancel),
        IFieldInitializerOperation initializer => ControlFlowGraph.Create(initializer, cancel),
        IPropertyInitializerOperation initializer => ControlFlowGraph.Create(initializer, cancel),
        IParameterInitializerOperation initializer => ControlFlowGraph.Create(initializer, cancel),
        _ => null,
    };
}
