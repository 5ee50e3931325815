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
    private readonly Groups _all;

    private SharedWalk(World world, Words words, ImmutableArray<Listener> listeners)
    {
        (_world, _words, _listeners) = (world, words, listeners);
        _all = listeners.Aggregate(default(Groups), static (all, listener) => all | listener.Needs);
    }

    /// <summary>Null when no rule asks for anything.</summary>
    public static SharedWalk? Of(World world, IEnumerable<Interests> asked)
    {
        var words = new Words();
        var listeners = ImmutableArray.CreateBuilder<Listener>();
        var groups = 0;
        foreach (var interests in asked.Where(static interests => interests.WordGroups.Count > 0 && interests.WordGroups.All(static group => group.Count > 0)))
        {
            var needs = default(Groups);
            foreach (var group in interests.WordGroups)
            {
                var bit = Groups.Of(groups++);
                needs |= bit;
                foreach (var word in group)
                {
                    words.Add(word, bit);
                }
            }

            listeners.Add(new Listener(needs, interests));
        }

        return words.IsEmpty ? null : new SharedWalk(world, words.Seal(), listeners.ToImmutable());
    }

    public void Visit(SemanticModelAnalysisContext context)
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

            foreach (var body in BodySyntax.Around(token))
            {
                bodies.TryGetValue(body, out var known);
                bodies[body] = known | groups;
            }
        }

        foreach (var body in bodies)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            Visit(context, body.Key, body.Value);
        }
    }

    private void Visit(SemanticModelAnalysisContext context, SyntaxNode syntax, Groups groups)
    {
        var listening = _listeners.Where(listener => groups.Contains(listener.Needs)).ToList();
        if (listening.Count == 0
            || syntax.Span.Length > LongestBody
            || BodySyntax.RootOf(context.SemanticModel, syntax, context.CancellationToken) is not { } root
            || BodySyntax.MemberOf(context.SemanticModel, syntax, context.CancellationToken) is not { } member
            || OperationsOf(root) is not { } operations)
        {
            return;
        }

        var body = new Body(_world, context, member, root, operations);
        if (listening.Any(static listener => listener.HearsOperations))
        {
            foreach (var operation in operations)
            {
                foreach (var listener in listening)
                {
                    listener.Hear(body, operation);
                }
            }
        }

        foreach (var listener in listening)
        {
            listener.Hear(body);
        }
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
        private readonly Interests _interests;

        public Listener(Groups needs, Interests interests)
        {
            (Needs, _interests) = (needs, interests);
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

        public bool HearsOperations => _byKind is not null;

        public void Hear(Body body, IOperation operation)
        {
            if (_byKind is not null && (uint)operation.Kind < (uint)_byKind.Length)
            {
                _byKind[(int)operation.Kind]?.Invoke(body, operation);
            }
        }

        public void Hear(Body body)
        {
            foreach (var check in _interests.Bodies)
            {
                check(body);
            }
        }
    }
}
