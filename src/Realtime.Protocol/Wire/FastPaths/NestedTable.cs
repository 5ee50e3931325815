using System.ComponentModel;

namespace Realtime.Protocol.Wire;

/// <summary>
/// What a reader remembers of the last message that is no piece of an item: where the members of the objects in it lie. They were found
/// when the message was checked, and views find them here instead of once more. Whatever is missing here, a view finds by itself.
/// </summary>
/// <remarks>
/// An entry is a fact of the text: the members that the ordered reader found in the object of this type that begins here. Another message
/// makes another generation; a view that has outlived its own finds its members in its message, as without a table. It
/// looks at the generation before it copies and after, so it may do that while the reader reads the next message on another thread.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class NestedTable
{
    /// <summary>A response with one item, usage and sound has ten objects and about fifty members. A view finds by itself what lies beyond.</summary>
    private const int MaxObjects = 24;
    private const int MaxMembers = 128;

    private static int _types;

    private readonly long[] _keys = new long[MaxObjects];
    private readonly int[] _firstMembers = new int[MaxObjects];
    private readonly Slot[] _members = new Slot[MaxMembers];
    private int _count;
    private int _memberCount;
    private int _generation;

    /// <summary>Forgets the message before: another one is read.</summary>
    public void Begin()
    {
        _generation++;
        Volatile.WriteBarrier();
        _count = 0;
        _memberCount = 0;
    }

    /// <summary>The message that was read last, as its views are told of it.</summary>
    public NestedMembers Members => new(this, _generation);

    /// <summary>Remembers where the members of an object lie; nothing where the table is full.</summary>
    /// <param name="start">Where the object begins.</param>
    /// <param name="slots">Its members, as the ordered reader found them.</param>
    /// <typeparam name="TView">The object's view.</typeparam>
    public void Note<TView>(int start, ReadOnlySpan<Slot> slots)
        where TView : struct, IJsonView<TView>, allows ref struct
    {
        int index = _count;
        int first = _memberCount;
        if (index < MaxObjects && slots.Length <= MaxMembers - first)
        {
            _keys[index] = Key<TView>(start);
            _firstMembers[index] = first;
            slots.CopyTo(_members.AsSpan(first));
            _count = index + 1;
            _memberCount = first + slots.Length;
        }
    }

    /// <summary>Copies the members of an object over slots that are all absent. False where it was not noted, or by another generation: then they are absent still.</summary>
    internal bool TryGet<TView>(int generation, int start, scoped Span<Slot> slots)
        where TView : struct, IJsonView<TView>, allows ref struct
    {
        if (Volatile.Read(ref _generation) != generation)
        {
            return false;
        }

        int index = _keys.AsSpan().IndexOf(Key<TView>(start));
        if (index < 0 || index >= _count || _firstMembers[index] > MaxMembers - slots.Length)
        {
            return false;
        }

        _members.AsSpan(_firstMembers[index], slots.Length).CopyTo(slots);
        Volatile.ReadBarrier();
        if (_generation == generation)
        {
            return true;
        }

        // Perhaps another message's: whoever finds the members next writes only those that occur.
        slots.Clear();
        return false;
    }

    private static long Key<TView>(int start)
        where TView : struct, IJsonView<TView>, allows ref struct => ((long)start << 32) | TypeOf<TView>.Number;

    /// <summary>A number for each type of view: a constant to the optimised code.</summary>
    private static class TypeOf<TView>
        where TView : struct, IJsonView<TView>, allows ref struct
    {
        public static readonly uint Number = (uint)Interlocked.Increment(ref _types);
    }
}

/// <summary>What a view holds to find the members of its objects in the table of its reader; the default finds none.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct NestedMembers
{
    private readonly NestedTable? _table;
    private readonly int _generation;

    internal NestedMembers(NestedTable table, int generation)
    {
        _table = table;
        _generation = generation;
    }

    /// <summary>Copies the members of the object that begins here over slots that are all absent. False says only that they must be found in the message; the slots are absent still.</summary>
    public bool TryGet<TView>(int start, scoped Span<Slot> slots)
        where TView : struct, IJsonView<TView>, allows ref struct =>
        _table is not null && _table.TryGet<TView>(_generation, start, slots);
}
