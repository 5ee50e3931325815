using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Writes an event into memory of exactly the size that <see cref="MeasuringSink"/> counted. What does not fit has changed
/// since then: only memory that the event refers to can, so every method looks for room before it writes.
/// </summary>
internal ref struct WritingSink : IJsonSink
{
    private Span<byte> _rest;

    public WritingSink(Span<byte> destination) => _rest = destination;

    /// <summary>Refuses an event that did not fill its memory to the last byte.</summary>
    /// <exception cref="InvalidOperationException">It changed while it was written.</exception>
    public readonly void RequireFull() => RequireUnchanged(_rest.IsEmpty);

    public void Raw(ReadOnlySpan<byte> json)
    {
        RequireUnchanged(json.TryCopyTo(_rest));
        _rest = _rest[json.Length..];
    }

    public void String(scoped in Text text)
    {
        RequireUnchanged(_rest.Length >= 2);
        _rest[0] = (byte)'"';
        int written = WriteEscaped(in text, _rest[1..^1]);
        _rest[written + 1] = (byte)'"';
        _rest = _rest[(written + 2)..];
    }

    public void Integer(long value)
    {
        RequireUnchanged(Utf8Formatter.TryFormat(value, _rest, out int written));
        _rest = _rest[written..];
    }

    public void Number(double value)
    {
        int written = JsonText.Format(value, _rest);
        RequireUnchanged(written > 0);
        _rest = _rest[written..];
    }

    public void Base64(scoped in AudioBytes audio)
    {
        int encoded = (int)Base64Text.EncodedLength(audio.Length);
        RequireUnchanged(_rest.Length >= encoded + 2);
        _rest[0] = (byte)'"';
        RequireUnchanged(Base64Text.TryEncode(in audio, _rest.Slice(1, encoded)));
        _rest[encoded + 1] = (byte)'"';
        _rest = _rest[(encoded + 2)..];
    }

    /// <summary>A method of its own: a handler would keep the sink in memory all through the writing of an event.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int WriteEscaped(scoped in Text text, Span<byte> destination)
    {
        try
        {
            return JsonText.WriteEscaped(in text, destination);
        }
        catch (Exception refusal) when (refusal is ArgumentException or IndexOutOfRangeException)
        {
            // Measuring the same text did not refuse it, and found that it fits.
            ThrowChanged(refusal);
            return 0;
        }
    }

    private static void RequireUnchanged([DoesNotReturnIf(false)] bool holds)
    {
        if (!holds)
        {
            ThrowChanged(null);
        }
    }

    [DoesNotReturn]
    private static void ThrowChanged(Exception? refusal) =>
        throw new InvalidOperationException("The event changed while it was being written, and nothing of it was: memory that it refers to must stay unchanged until the call returns.", refusal);
}
