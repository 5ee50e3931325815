namespace Realtime.Protocol.Events;

/// <summary>A limit that is an integer or, written <c>"inf"</c>, none at all.</summary>
public readonly record struct IntegerOrInfinity
{
    private readonly long _valuePlusOne;

    /// <summary>This limit, at least zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
    public IntegerOrInfinity(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        _valuePlusOne = value + 1;
    }

    /// <summary>No limit; also the default.</summary>
    public static IntegerOrInfinity Infinity => default;

    /// <summary>True when there is no limit.</summary>
    public bool IsInfinity => _valuePlusOne == 0;

    /// <summary>The limit.</summary>
    /// <exception cref="InvalidOperationException">There is none: look at <see cref="IsInfinity"/> first.</exception>
    public long Value => IsInfinity ? throw new InvalidOperationException("There is no limit: look at IsInfinity first.") : _valuePlusOne - 1;

    /// <summary>This limit.</summary>
    public static implicit operator IntegerOrInfinity(long value) => new(value);

    /// <summary>The number, or <c>inf</c>.</summary>
    public override string ToString() => IsInfinity ? "inf" : Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
