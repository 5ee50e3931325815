namespace Realtime.Protocol.Transport;

/// <summary>What was odd in the server's messages: all of it counted, each kind and path told once. A service that is odd in one way is odd in every message, and nobody reads a thousand reports. One thread at a time notes; any may ask for the count.</summary>
internal sealed class OddEvents
{
    /// <summary>So many pairs of kind and path are told in a connection.</summary>
    public const int MaxTold = 64;

    private readonly HashSet<(int, string)> _told = [];
    private bool _isBinaryTold;
    private long _count;

    /// <summary>How many events were odd.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Notes an event's oddities.</summary>
    /// <param name="kind">The event's kind, by its number.</param>
    /// <param name="oddities">What was odd.</param>
    /// <param name="path">Where the first of them was.</param>
    /// <returns>False when it was told before.</returns>
    public bool Note(int kind, in ReadOddities oddities, out string path)
    {
        Volatile.Write(ref _count, _count + 1);
        path = PathOf(oddities.First);
        return _told.Count < MaxTold && _told.Add((kind, path));
    }

    /// <summary>Notes a binary message. The problem to tell, or null when it was told before.</summary>
    public SessionProblem.BinaryMessages? NoteBinary()
    {
        if (_isBinaryTold)
        {
            return null;
        }

        _isBinaryTold = true;
        return new();
    }

    // What is missing stands in no path: the error names the object that lacks it.
    private static string PathOf(in ReadError error) => error is not { Reason: ReadErrorReason.MissingMember, Member: { } member } ? error.Path
        : error.Path.Length == 0 ? member
        : $"{error.Path}.{member}";
}
