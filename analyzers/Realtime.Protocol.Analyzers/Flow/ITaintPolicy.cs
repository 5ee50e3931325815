using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>What a rule knows about the libraries that its methods call; the language itself is known to <see cref="ForwardTaint"/>.</summary>
internal interface ITaintPolicy
{
    /// <summary>The value is tainted wherever it stands, whatever went into it.</summary>
    bool IsSource(IOperation value);

    /// <summary>The parameter holds a tainted value when its method begins.</summary>
    bool IsSource(IParameterSymbol parameter);

    /// <summary>The operands whose content the value takes over.</summary>
    Content ContentOf(IOperation value);

    /// <summary>What a call writes into the buffers and variables that it is given.</summary>
    IEnumerable<BufferWrite> WritesOf(IOperation call, ImmutableArray<IArgumentOperation> arguments);
}

/// <summary>The operands that a value takes its content from, and whether it is a view of their storage or a copy.</summary>
internal readonly record struct Content(ImmutableArray<IOperation> From, bool SharesStorage)
{
    public static readonly Content None = new([], SharesStorage: false);

    public static Content CopyOf(params ImmutableArray<IOperation> from) => new(from, SharesStorage: false);

    public static Content ViewOf(IOperation from) => new([from], SharesStorage: true);
}

/// <summary>A call fills <paramref name="Destination"/>: with tainted content, with clean content, or with that of <paramref name="Source"/>.</summary>
/// <param name="Destination">What is written to.</param>
/// <param name="Tainted">What is written, where there is no source.</param>
/// <param name="Source">Whose content is written.</param>
/// <param name="Adds">What was there before stays: text is appended to a builder.</param>
internal readonly record struct BufferWrite(IOperation Destination, bool Tainted, IOperation? Source = null, bool Adds = false);
