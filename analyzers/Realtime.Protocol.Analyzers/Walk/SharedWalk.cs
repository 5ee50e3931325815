using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Realtime.Protocol.Analyzers.Walk;

/// <summary>The one walk over a compilation on which all rules stand: words in the text first, then bodies, and operations only of bodies that have the words.</summary>
/// <remarks>
/// Binding a body costs a hundred times what reading its text costs, so most bodies of most projects are never bound here. A body that has
/// the words of three rules is bound and walked once. Huge bodies are passed over: a table of a hundred thousand lines is data, not talk.
/// </remarks>
internal sealed class SharedWalk
{
    /// <summary>A body longer than this many characters is not looked at.</summary>
    public const int LongestBody = 400_000;

    /// <summary>A body with more operations than this is not looked at.</summary>
    public const int MostOperations = 100_000;

    private static readonly int Kinds = Enum.GetValues(typeof(OperationKind)).Cast<int>().Max() + 1;

    private readonly World _world;
    private readonly Words _words;
    private readonly ImmutableArray<Listener> _listeners;
    private readonly ImmutableArray<(Groups Bit, WordGroup Group)> _placed;
    private readonly Groups _allPlaced;
    private readonly WalkCosts? _costs;

    private SharedWalk(World world, Words words, ImmutableArray<Listener> listeners, ImmutableArray<(Groups Bit, WordGroup Group)> placed, WalkCosts? costs)
    {
        (_world, _words, _listeners, _placed, _costs) = (world, words, listeners, placed, costs);
        _allPlaced = placed.Aggregate(default(Groups), static (all, one) => all | one.Bit);
    }

    /// <summary>Null when no rule asks for anything.</summary>
    public static SharedWalk? Of(World world, IEnumerable<Interests> asked, WalkCosts? costs = null)
    {
        var words = new Words();
        var listeners = ImmutableArray.CreateBuilder<Listener>();
        var placed = ImmutableArray.CreateBuilder<(Groups Bit, WordGroup Group)>();
        var groups = 0;
        foreach (var interests in asked.Where(static interests => interests.WordGroups.Count > 0 && interests.WordGroups.All(static group => !group.IsEmpty)))
        {
            var needs = default(Groups);
            foreach (var group in interests.WordGroups)
            {
                var bit = Groups.Of(groups++);
                needs |= bit;
                foreach (var word in group.Used.Concat(group.Declared))
                {
                    words.Add(word, bit);
                }

                if (group.DependsOnPlace)
                {
                    placed.Add((bit, group));
                }
            }

            listeners.Add(new Listener(needs, interests));
        }

        return words.IsEmpty ? null : new SharedWalk(world, words.Seal(), listeners.ToImmutable(), placed.ToImmutable(), costs);
    }

    public void Visit(SemanticModelAnalysisContext context)
    {
        _costs?.Switch(WalkCosts.Words);
        try
        {
            VisitFile(context);
        }
        finally
        {
            _costs?.Switch(null);
        }
    }

    private void VisitFile(SemanticModelAnalysisContext context)
    {
        var tree = context.SemanticModel.SyntaxTree;
        var hits = _words.In(tree.GetText(context.CancellationToken));
        if (hits.Count == 0)
        {
            return;
        }

        // A name in the head of a property is a word of each of its accessors.
        var bodies = new Dictionary<SyntaxNode, Groups>();
        var root = tree.GetRoot(context.CancellationToken);
        foreach (var (position, groups) in hits)
        {
            var token = root.FindToken(position);
            if (!token.Span.Contains(position))
            {
                continue;
            }

            if (Counting(token, groups) is not { IsEmpty: false } counting)
            {
                continue;
            }

            foreach (var body in BodySyntax.Around(token))
            {
                bodies.TryGetValue(body, out var known);
                bodies[body] = known | counting;
            }
        }

        _costs?.BodiesWithWords += bodies.Count;
        var listening = new List<Listener>();
        foreach (var body in bodies)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            listening.Clear();
            foreach (var listener in _listeners)
            {
                if (body.Value.Contains(listener.Needs))
                {
                    listening.Add(listener);
                }
            }

            if (listening.Count > 0 && body.Key.Span.Length <= LongestBody)
            {
                VisitBody(context, body.Key, listening);
            }
        }
    }

    // Without the groups for which a word does not count where it stands.
    private Groups Counting(SyntaxToken token, Groups groups)
    {
        if (groups.Overlaps(_allPlaced))
        {
            foreach (var (bit, group) in _placed)
            {
                if (groups.Contains(bit) && !group.Counts(token))
                {
                    groups = groups.Without(bit);
                }
            }
        }

        return groups;
    }

    private void VisitBody(SemanticModelAnalysisContext context, SyntaxNode syntax, List<Listener> listening)
    {
        _costs?.Bind(syntax, listening.ConvertAll(static listener => listener.Interests));
        _costs?.Switch(WalkCosts.Binding);
        if (BodySyntax.RootOf(context.SemanticModel, syntax, context.CancellationToken) is { } root
            && BodySyntax.MemberOf(context.SemanticModel, syntax, context.CancellationToken) is { } member
            && OperationsOf(root) is { } operations)
        {
            var body = new Body(_world, context, member, root, operations, _costs);
            foreach (var listener in listening)
            {
                _costs?.Switch(listener.Interests.Rule);
                listener.Hear(body);
            }
        }

        _costs?.Switch(WalkCosts.Words);
    }

    /// <summary>In the order of the source; null beyond the budget. Not recursive: a concatenation of a thousand lines is a tree a thousand deep.</summary>
    private static ImmutableArray<IOperation>? OperationsOf(IOperation root)
    {
        var operations = ImmutableArray.CreateBuilder<IOperation>();
        foreach (var operation in root.DescendantsAndSelf())
        {
            if (operations.Count == MostOperations)
            {
                return null;
            }

            operations.Add(operation);
        }

        return operations.ToImmutable();
    }

    /// <summary>One rule in this compilation.</summary>
    private sealed class Listener
    {
        private readonly Action<Body, IOperation>?[]? _byKind;

        public Listener(Groups needs, Interests interests)
        {
            (Needs, Interests) = (needs, interests);
            if (interests.Operations.Count > 0)
            {
                _byKind = new Action<Body, IOperation>?[Kinds];
                foreach (var (check, kinds) in interests.Operations)
                {
                    foreach (var kind in kinds)
                    {
                        _byKind[(int)kind] += check;
                    }
                }
            }
        }

        public Groups Needs { get; }

        public Interests Interests { get; }

        public void Hear(Body body)
        {
            if (_byKind is { } byKind)
            {
                foreach (var operation in body.Operations)
                {
                    if ((uint)operation.Kind < (uint)byKind.Length)
                    {
                        byKind[(int)operation.Kind]?.Invoke(body, operation);
                    }
                }
            }

            foreach (var check in Interests.Bodies)
            {
                check(body);
            }
        }
    }
}
