using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>One borrowing: who lends, and where in the source. Without an owner nothing is known to end it.</summary>
/// <param name="Owner">The object that lends.</param>
/// <param name="Lender">A parameter whose memory is the caller's.</param>
/// <param name="Site">Where it was borrowed.</param>
/// <param name="KeptAt">For a collection: the value that was put into it.</param>
internal sealed record Loan(Owner? Owner, ISymbol? Lender, SyntaxNode Site, SyntaxNode? KeptAt = null)
{
    /// <summary>What a person would call the lender.</summary>
    public string From => Lender is not null ? "the caller" : Owner?.Name ?? Site.ToString();

    public bool Equals(Loan? other) => other is not null && Equals(Owner, other.Owner) && SymbolEqualityComparer.Default.Equals(Lender, other.Lender) && Site == other.Site && KeptAt == other.KeptAt;

    public override int GetHashCode() => (Owner?.GetHashCode() ?? 0) ^ Site.GetHashCode();
}

/// <summary>What may have become of a loan on the paths that lead somewhere.</summary>
[Flags]
internal enum LoanPaths
{
    None = 0,

    /// <summary>On some path the value is valid, or is another value.</summary>
    Live = 1,

    /// <summary>On some path it is over.</summary>
    Over = 2,

    /// <summary>On some path somebody may have put another object in the place of the owner, or another value in the place of this one.</summary>
    Unsure = 4,
}

/// <summary>A loan at one point: what may have become of it, and what ended it.</summary>
internal readonly record struct LoanStatus(LoanPaths Paths, IOperation? EndedBy)
{
    public static readonly LoanStatus Fresh = new(LoanPaths.Live, null);

    /// <summary>Over on every path, and certainly so.</summary>
    public bool IsOver => Paths == LoanPaths.Over;

    /// <summary>Over on some path.</summary>
    public bool MayBeOver => (Paths & LoanPaths.Over) != 0;

    public LoanStatus Join(LoanStatus other) => new(Paths | other.Paths, EndedBy ?? other.EndedBy);

    public LoanStatus And(LoanPaths paths) => this with { Paths = Paths | paths };
}

/// <summary>Which places hold borrowed values at one point of a method, and what may have become of each loan.</summary>
/// <remarks>
/// A place keeps what it got: when the source borrows again in the next round of a loop, an older copy stays what it was. Where two paths
/// meet and only one of them has the loan, the value is valid on the other. So "over on every path" is a proof, and all else is a "may".
/// </remarks>
internal sealed class BorrowState : IFlowState<BorrowState>
{
    public static readonly BorrowState Empty = new(ImmutableDictionary<Place, Loans>.Empty);

    private readonly ImmutableDictionary<Place, Loans> _places;

    private BorrowState(ImmutableDictionary<Place, Loans> places) => _places = places;

    public Loans Of(Place place) => _places.TryGetValue(place, out var loans) ? loans : Loans.None;

    /// <summary>The place gets a new value.</summary>
    public BorrowState Assign(Place place, Loans loans) => With(loans.IsEmpty ? _places.Remove(place) : _places.SetItem(place, loans));

    /// <summary>The owner moves on. Not certainly: on some path, or in some runs, it does not.</summary>
    public BorrowState End(Owner owner, bool certainly, IOperation by) => Map((loan, status) => (loan, owner.Equals(loan.Owner)
        ? new LoanStatus(certainly ? LoanPaths.Over | (status.Paths & LoanPaths.Unsure) : status.Paths | LoanPaths.Over | LoanPaths.Unsure, status.IsOver ? status.EndedBy : by)
        : status));

    /// <summary>A variable, field or property got a new value: what leads over it leads to another object.</summary>
    public BorrowState Detach(ISymbol assigned) => Map((loan, status) => (loan.Owner?.LeadsOver(assigned) == true ? loan with { Owner = null } : loan, status));

    /// <summary>Code ran that may have assigned fields.</summary>
    public BorrowState Weaken() => Map(static (loan, status) => (loan, loan.Owner is { IsMutable: true } && !status.MayBeOver ? status.And(LoanPaths.Unsure) : status));

    /// <summary>Somebody else may have assigned the place.</summary>
    public BorrowState Weaken(Place place) => Assign(place, Of(place).Map(static (loan, status) => (loan, status.And(LoanPaths.Unsure))));

    public BorrowState Join(BorrowState other) => With(_places.Keys.Union(other._places.Keys)
        .Aggregate(_places, (places, place) => places.SetItem(place, Of(place).Join(other.Of(place)))));

    public bool Covers(BorrowState other) =>
        ReferenceEquals(this, other) || _places.Keys.Union(other._places.Keys).All(place => Of(place).Covers(other.Of(place)));

    private BorrowState Map(Func<Loan, LoanStatus, (Loan, LoanStatus)> change) =>
        With(_places.Aggregate(_places, (places, entry) => places.SetItem(entry.Key, entry.Value.Map(change))));

    private BorrowState With(ImmutableDictionary<Place, Loans> places) => ReferenceEquals(places, _places) ? this : new(places);
}

/// <summary>The loans of one value. Unchangeable.</summary>
internal sealed class Loans
{
    public static readonly Loans None = new(ImmutableDictionary<Loan, LoanStatus>.Empty);

    private readonly ImmutableDictionary<Loan, LoanStatus> _loans;

    private Loans(ImmutableDictionary<Loan, LoanStatus> loans) => _loans = loans;

    public bool IsEmpty => _loans.IsEmpty;

    /// <summary>In the order of the source, so that a report does not depend on how sets are laid out.</summary>
    public IEnumerable<(Loan Loan, LoanStatus Status)> All => _loans.OrderBy(static entry => entry.Key.Site.SpanStart).Select(static entry => (entry.Key, entry.Value));

    public static Loans Fresh(Loan loan) => new(ImmutableDictionary<Loan, LoanStatus>.Empty.Add(loan, LoanStatus.Fresh));

    /// <summary>One value that is made of both.</summary>
    public Loans And(Loans other) => IsEmpty ? other : other.IsEmpty ? this
        : new(other._loans.Aggregate(_loans, static (loans, entry) => loans.SetItem(entry.Key, loans.TryGetValue(entry.Key, out var known) ? known.Join(entry.Value) : entry.Value)));

    /// <summary>The others take the place of the same loans.</summary>
    public Loans With(Loans other) => new(_loans.SetItems(other._loans));

    /// <summary>The value of one path or of the other.</summary>
    public Loans Join(Loans other) => ReferenceEquals(this, other) ? this : new(_loans.Keys.Union(other._loans.Keys).ToImmutableDictionary(
        static loan => loan,
        loan => _loans.TryGetValue(loan, out var ours)
            ? other._loans.TryGetValue(loan, out var both) ? ours.Join(both) : ours.And(LoanPaths.Live)
            : other._loans[loan].And(LoanPaths.Live)));

    public bool Covers(Loans other) => ReferenceEquals(this, other) || (other._loans.All(theirs => _loans.TryGetValue(theirs.Key, out var ours) && (ours.Paths & theirs.Value.Paths) == theirs.Value.Paths)
        && _loans.All(ours => (ours.Value.Paths & LoanPaths.Live) != 0 || other._loans.ContainsKey(ours.Key)));

    public Loans Map(Func<Loan, LoanStatus, (Loan Loan, LoanStatus Status)> change)
    {
        // Nearly always nothing changes, and then nothing is built.
        if (_loans.All(entry => change(entry.Key, entry.Value) is var (loan, status) && ReferenceEquals(loan, entry.Key) && status == entry.Value))
        {
            return this;
        }

        var changed = ImmutableDictionary.CreateBuilder<Loan, LoanStatus>();
        foreach (var entry in _loans)
        {
            var (loan, status) = change(entry.Key, entry.Value);
            changed[loan] = changed.TryGetValue(loan, out var known) ? known.Join(status) : status;
        }

        return new(changed.ToImmutable());
    }
}
