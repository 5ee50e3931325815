using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Analyzers.Walk;

/// <summary>One rule: what it says, and what it asks of the shared walk. It holds no state; what a compilation needs lives in what <see cref="Begin"/> makes.</summary>
/// <remarks>
/// A rule is found by being in this assembly: there is no list to enter it in, so that two people add two rules without touching the same line.
/// It never registers with the compiler. It names the words that its code cannot do without, and the walk shows it the bodies that have them.
/// </remarks>
internal abstract class Rule
{
    private static readonly Lazy<ImmutableArray<Rule>> Found = new(static () =>
    [
        .. from type in typeof(Rule).Assembly.GetTypes()
           where type.IsSubclassOf(typeof(Rule)) && !type.IsAbstract
           orderby type.Name
           select (Rule)Activator.CreateInstance(type),
    ]);

    /// <summary>Every rule of this assembly, in the order of their ids.</summary>
    public static ImmutableArray<Rule> All => Found.Value;

    /// <summary>What the rule says: one descriptor for each of its ids.</summary>
    public abstract ImmutableArray<DiagnosticDescriptor> Descriptors { get; }

    /// <summary>Asks for what the rule wants to see of one compilation; asking for nothing is how it stays silent there, at no cost.</summary>
    public abstract void Begin(Interests asked);
}
