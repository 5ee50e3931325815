namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>
/// Every choice of a schedule, in order, as numbers. A tape from a seed goes on for ever; a recorded one ends, and gives zeros from there on. Zero is the plainest choice everywhere: the next
/// message is delivered, nothing goes wrong. So whatever is cut out of a tape or set to zero leaves a schedule that can be run, and a simpler one.
/// </summary>
internal sealed class Tape
{
    private readonly List<ushort> _values;
    private readonly bool _isRecorded;
    private ulong _state;
    private int _at;

    public Tape(ulong seed)
    {
        _state = (seed + 1) * 0x9E3779B97F4A7C15;
        _values = [];
    }

    public Tape(IEnumerable<ushort> values)
    {
        _values = [.. values];
        _isRecorded = true;
    }

    /// <summary>The choices made so far.</summary>
    public IReadOnlyList<ushort> Played => _values[..Math.Min(_at, _values.Count)];

    /// <summary>One of <paramref name="choices"/> numbers, from 0.</summary>
    public int Next(int choices)
    {
        ushort value;
        if (_isRecorded)
        {
            value = _at < _values.Count ? _values[_at] : (ushort)0;
        }
        else
        {
            _state ^= _state << 13;
            _state ^= _state >> 7;
            _state ^= _state << 17;
            value = (ushort)(_state >> 40);
            _values.Add(value);
        }

        _at++;
        return value % choices;
    }

    /// <summary>True once in <paramref name="times"/>; never on a tape of zeros.</summary>
    public bool OnceIn(int times) => Next(times) == times - 1;
}
