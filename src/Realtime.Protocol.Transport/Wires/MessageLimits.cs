namespace Realtime.Protocol.Transport;

/// <summary>
/// What a peer can make us hold for one message. The platform has no limit of its own: a peer that never ends a message would fill the
/// memory, and one that sends empty fragments would keep a core busy for ever.
/// </summary>
public readonly record struct MessageLimits
{
    private readonly int _maxMessageBytes;
    private readonly int _maxFragments;

    /// <summary>16 MiB in at most 65,536 fragments.</summary>
    public static MessageLimits Default => default;

    /// <summary>The longest message that is accepted, in bytes. The default is 16 MiB (16,777,216).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one, or 512 MiB or more: no reader takes those.</exception>
    public int MaxMessageBytes
    {
        get => _maxMessageBytes == 0 ? 16 * 1024 * 1024 : _maxMessageBytes;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Wire.EventHeader.LargestMessageBytes);
            _maxMessageBytes = value;
        }
    }

    /// <summary>How many fragments one message may be cut into. The default is 65,536.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one.</exception>
    public int MaxFragments
    {
        get => _maxFragments == 0 ? 65_536 : _maxFragments;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxFragments = value;
        }
    }
}
