using System.Diagnostics.CodeAnalysis;

namespace Realtime.Protocol.Events;

/// <summary>
/// Text on its way to the wire: a string, or bytes that are UTF-8 already. The default is absent. Escaping is the writer's
/// work; a lone surrogate or invalid UTF-8 is refused before a byte is written.
/// </summary>
public readonly struct Text
{
    private readonly string? _string;
    private readonly ReadOnlyMemory<byte> _utf8;

    /// <summary>This text; <see langword="null"/> gives <see cref="Null"/>.</summary>
    public Text(string? value)
    {
        _string = value;
        Presence = value is null ? Presence.Null : Presence.Value;
    }

    /// <summary>This text, as UTF-8. The memory is read when the event is written, so it must stay unchanged until then.</summary>
    public Text(ReadOnlyMemory<byte> utf8)
    {
        _utf8 = utf8;
        Presence = Presence.Value;
    }

    private Text(Presence presence) => Presence = presence;

    /// <summary>A member that is there with the value <c>null</c>.</summary>
    public static Text Null => new(Presence.Null);

    /// <summary>Absent, null or a value.</summary>
    public Presence Presence { get; }

    /// <summary>True when there is a value, neither absent nor <c>null</c>.</summary>
    public bool HasValue => Presence == Presence.Value;

    internal string? String => _string;

    internal ReadOnlySpan<byte> Utf8 => _utf8.Span;

    /// <summary>The text of a string; <see langword="null"/> is written as <c>null</c>.</summary>
    public static implicit operator Text(string? value) => new(value);

    /// <summary>Text that is UTF-8 already.</summary>
    public static implicit operator Text(ReadOnlyMemory<byte> utf8) => new(utf8);

    /// <summary>Text that is UTF-8 already; <see langword="null"/> is written as <c>null</c>.</summary>
    public static implicit operator Text(byte[]? utf8) => utf8 is null ? Null : new((ReadOnlyMemory<byte>)utf8);

    /// <summary>The text itself; empty when absent or <c>null</c>.</summary>
    [SuppressMessage("Usage", "CA1065", Justification = "Decoding replaces what is invalid; nothing is thrown.")]
    public override string ToString() => _string ?? System.Text.Encoding.UTF8.GetString(_utf8.Span);
}
