using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Realtime.Protocol.Analyzers.Apis;

namespace Realtime.Protocol.Analyzers.Walk;

/// <summary>What one rule wants to see of one compilation. Everything asked for here is called from many threads at once.</summary>
/// <remarks>
/// First the words, in one or more groups: the rule is shown a body only if the body has a word of each group, so a rule names in one
/// group what it looks for and in another what makes that wrong. Then what it does with such a body: <see cref="On"/> for operations of
/// one kind, <see cref="OnBody"/> for the whole, which is where a rule follows values or paths.
/// </remarks>
internal sealed class Interests(World world, string rule)
{
    private readonly List<WordGroup> _groups = [];
    private readonly List<(Action<Body, IOperation> Check, OperationKind[] Kinds)> _operations = [];
    private readonly List<Action<Body>> _bodies = [];
    private readonly List<Action<CompilationAnalysisContext>> _ends = [];

    /// <summary>What the compilation knows of us and of others.</summary>
    public World World => world;

    /// <summary>The id of the rule that asks.</summary>
    internal string Rule => rule;

    internal IReadOnlyList<WordGroup> WordGroups => _groups;

    internal IReadOnlyList<(Action<Body, IOperation> Check, OperationKind[] Kinds)> Operations => _operations;

    internal IReadOnlyList<Action<Body>> Bodies => _bodies;

    internal IReadOnlyList<Action<CompilationAnalysisContext>> Ends => _ends;

    /// <summary>One group: these words, the names that carry one of these marks, and the names of known members and events that do this.</summary>
    /// <param name="words">Identifiers, or parts of literals such as <c>response.create</c>.</param>
    /// <param name="marks">Names of what carries the mark, wherever it is declared, and of what may be used without its name standing there.</param>
    /// <param name="acts">Names of members by which a known library does one of these.</param>
    /// <param name="events">Names by which a known library speaks of one of these events of the server.</param>
    /// <param name="where">Whether a word counts where it stands, by the syntax around it alone: a call that is awaited is no statement that drops its task. Null where it counts everywhere.</param>
    public Interests Group(IEnumerable<string>? words = null, IEnumerable<Annotation?>? marks = null, Act acts = Act.None, ServerEvent events = ServerEvent.None, Func<SyntaxToken, bool>? where = null)
    {
        var used = new HashSet<string>(words ?? [], StringComparer.Ordinal);
        var declared = new HashSet<string>(StringComparer.Ordinal);
        foreach (var mark in marks ?? [])
        {
            if (mark is not null)
            {
                used.UnionWith(world.Marks.NamesOf(mark));
                declared.UnionWith(world.Marks.DeclaredNamesOf(mark));
            }
        }

        used.UnionWith(world.Apis.NamesOf(acts, events));
        declared.ExceptWith(used);
        _groups.Add(new WordGroup(used, declared, where));
        return this;
    }

    /// <summary>Calls for each operation of one of these kinds, in the order of the source; nested functions included.</summary>
    public Interests On(Action<Body, IOperation> check, params OperationKind[] kinds)
    {
        _operations.Add((check, kinds));
        return this;
    }

    /// <summary>Calls once for a body, after its operations.</summary>
    public Interests OnBody(Action<Body> check)
    {
        _bodies.Add(check);
        return this;
    }

    /// <summary>Calls once when the whole compilation has been seen; not in an editor while somebody types. The descriptor needs the tag <c>CompilationEnd</c>.</summary>
    public Interests AtEnd(Action<CompilationAnalysisContext> check)
    {
        _ends.Add(check);
        return this;
    }
}
