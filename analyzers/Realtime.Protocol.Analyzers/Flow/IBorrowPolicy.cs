using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>How surely a call ends what was borrowed.</summary>
internal enum Ending
{
    None,

    /// <summary>In some runs it does.</summary>
    Possible,

    Certain,
}

/// <summary>What <see cref="BorrowFlow"/> cannot know from the language: who lends, what ends it, and which members hand a borrowed value on.</summary>
internal interface IBorrowPolicy
{
    /// <summary>The method, property or parameter gives a value that is lent.</summary>
    /// <param name="giver">A method (by what it returns), a property, or a parameter.</param>
    /// <param name="fromArgumentsOnly">It lies only in what was passed to the method.</param>
    bool IsBorrowed(ISymbol giver, out bool fromArgumentsOnly);

    /// <summary>Whether a call, or the use of a property, ends what its receiver lent before.</summary>
    Ending EndOf(IOperation use);

    /// <summary>The value looks at memory, or holds a value that does; texts, numbers and arrays do not.</summary>
    bool IsView(ITypeSymbol type);

    /// <summary>What the method, property or constructor gives looks at the same memory as what it is given, if it is a view at all.</summary>
    bool HandsOn(ISymbol member);

    /// <summary>The values that the receiver of a call keeps: those that are added to a collection, or sent through a channel.</summary>
    IEnumerable<IOperation> KeptBy(IInvocationOperation call);

    /// <summary>The call makes a collection forget what it kept.</summary>
    bool Forgets(IInvocationOperation call);

    /// <summary>The property gives the same object each time.</summary>
    bool IsStable(IPropertySymbol property);
}
