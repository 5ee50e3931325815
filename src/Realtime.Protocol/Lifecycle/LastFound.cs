using System.Diagnostics.CodeAnalysis;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What a table found last by the bytes of its id: the deltas of an answer come by the hundred and all name the same, so most of them are found by one comparison. It is never wrong for longer than until the table changes: whoever adds
/// or removes forgets.
/// </summary>
/// <typeparam name="T">What the table holds.</typeparam>
internal struct LastFound<T>()
    where T : class
{
    // Longer than the ids of any service; one that does not fit is looked up in the table each time.
    private const int MaxIdBytes = 64;

    private readonly byte[] _id = new byte[MaxIdBytes];
    private int _length;
    private T? _found;

    public readonly bool TryFind(ReadOnlySpan<byte> id, [NotNullWhen(true)] out T? found)
    {
        found = _found;
        return found is not null && id.SequenceEqual(_id.AsSpan(0, _length));
    }

    /// <summary>The table found this; null for nothing.</summary>
    /// <returns>The same.</returns>
    public T? Keep(ReadOnlySpan<byte> id, T? found)
    {
        if (found is not null && id.TryCopyTo(_id))
        {
            (_length, _found) = (id.Length, found);
        }

        return found;
    }

    public void Forget() => _found = null;
}
