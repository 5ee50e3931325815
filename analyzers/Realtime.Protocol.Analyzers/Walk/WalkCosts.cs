using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Analyzers.Walk;

/// <summary>Where the time of the rules goes, and how often the dear things are done. Made by whoever measures; where there is none, nothing is counted.</summary>
/// <remarks>
/// Time is in one pocket at each moment, so the pockets add up to all that the compiler waits for: what several rules share is in a pocket of
/// its own, and each rule has one under its id. For runs without concurrency. The clock may be one of the thread: no pocket stays open from one call of the compiler to the next.
/// </remarks>
internal sealed class WalkCosts(Func<long> clock)
{
    /// <summary>What the compilation knows, and which names carry marks.</summary>
    public const string Knowing = "knowing";

    /// <summary>The search for words, and for the bodies that they stand in.</summary>
    public const string Words = "words";

    /// <summary>What the compiler makes of a body, as far as it was not asked before.</summary>
    public const string Binding = "binding";

    /// <summary>The compiler's control-flow graphs.</summary>
    public const string Graphs = "graphs";

    private readonly Dictionary<string, long> _ticks = new(StringComparer.Ordinal);
    private string? _pocket;
    private long _since;

    private readonly Dictionary<string, int> _alone = new(StringComparer.Ordinal);

    /// <summary>How many bodies were bound for one rule alone.</summary>
    public IReadOnlyDictionary<string, int> Alone => _alone;

    /// <summary>The clock's ticks in each pocket.</summary>
    public IReadOnlyDictionary<string, long> Ticks => _ticks;

    /// <summary>Bodies that have a word of some rule.</summary>
    public int BodiesWithWords { get; set; }

    /// <summary>Bodies that were bound, because they have all words of a rule.</summary>
    public int BodiesBound { get; private set; }

    /// <summary>Control-flow graphs that a rule asked for.</summary>
    public int GraphsMade { get; set; }

    /// <summary>Told of each body before it is bound, with those who want to see it.</summary>
    public Action<SyntaxNode, IReadOnlyList<Interests>>? Binds { get; set; }

    /// <summary>From here on time is in this pocket, and in none for null; gives the pocket that it was in.</summary>
    public string? Switch(string? pocket)
    {
        var (now, left) = (clock(), _pocket);
        if (left is not null)
        {
            _ticks.TryGetValue(left, out var before);
            _ticks[left] = before + now - _since;
        }

        (_pocket, _since) = (pocket, now);
        return left;
    }

    public void Bind(SyntaxNode body, IReadOnlyList<Interests> asked)
    {
        var pocket = Switch(null);
        BodiesBound++;
        if (asked.Count == 1)
        {
            _alone.TryGetValue(asked[0].Rule, out var before);
            _alone[asked[0].Rule] = before + 1;
        }

        Binds?.Invoke(body, asked);
        Switch(pocket);
    }
}
