using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Realtime.Protocol.Wire;

/// <summary>
/// What generated writers share. Each method writes one member: the name, which the generator gives with its quotes, its
/// colon and a leading comma, then the value. An absent member writes nothing; the comma of the first one is left out.
/// </summary>
public static partial class JsonWrite
{
    /// <summary>Writes a whole event or object: measured first, reserved exactly, then written.</summary>
    /// <exception cref="ArgumentException">A member holds what the protocol does not allow; nothing was written.</exception>
    /// <exception cref="InvalidOperationException">Memory that the value refers to changed during the call; nothing was written.</exception>
    [Sequenced]
    public static void Write<T>(IBufferWriter<byte> output, scoped in T value)
        where T : IJsonWritable, allows ref struct
    {
        ArgumentNullException.ThrowIfNull(output);
        var measuring = default(MeasuringSink);
        value.WriteTo(ref measuring);
        int length = measuring.Length;

        var writing = new WritingSink(output.GetSpan(length)[..length]);
        try
        {
            value.WriteTo(ref writing);
        }
        catch (Exception refusal) when (refusal is ArgumentException or IndexOutOfRangeException)
        {
            // The first pass over the same value was not refused, and had room by its own count.
            ThrowChanged(refusal);
        }

        if (!writing.IsFull)
        {
            ThrowChanged(null);
        }

        output.Advance(length);
    }

    [DoesNotReturn]
    private static void ThrowChanged(Exception? refusal) =>
        throw new InvalidOperationException("The event changed while it was being written, and nothing of it was: memory that it refers to must stay unchanged until the call returns.", refusal);

    /// <summary>The name of a member, after which the caller writes its value.</summary>
    public static void Name<TSink>(scoped ref TSink sink, scoped ref bool first, ReadOnlySpan<byte> name)
        where TSink : struct, IJsonSink, allows ref struct
    {
        sink.Raw(first ? name[1..] : name);
        first = false;
    }

    /// <summary>A string member.</summary>
    public static void Text<TSink>(scoped ref TSink sink, scoped ref bool first, ReadOnlySpan<byte> name, Text value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (Open(ref sink, ref first, name, value.Presence))
        {
            sink.String(value);
        }
    }

    /// <summary>A whole number.</summary>
    public static void Integer<TSink>(scoped ref TSink sink, scoped ref bool first, ReadOnlySpan<byte> name, Field<long> value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (Open(ref sink, ref first, name, value.Presence))
        {
            sink.Integer(value.Value);
        }
    }

    /// <summary>A number.</summary>
    public static void Number<TSink>(scoped ref TSink sink, scoped ref bool first, ReadOnlySpan<byte> name, Field<double> value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (Open(ref sink, ref first, name, value.Presence))
        {
            sink.Number(value.Value);
        }
    }

    /// <summary>A truth value.</summary>
    public static void Boolean<TSink>(scoped ref TSink sink, scoped ref bool first, ReadOnlySpan<byte> name, Field<bool> value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (Open(ref sink, ref first, name, value.Presence))
        {
            sink.Raw(value.Value ? "true"u8 : "false"u8);
        }
    }

    /// <summary>A limit that may be infinite.</summary>
    public static void IntegerOrInfinity<TSink>(scoped ref TSink sink, scoped ref bool first, ReadOnlySpan<byte> name, Field<IntegerOrInfinity> value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (!Open(ref sink, ref first, name, value.Presence))
        {
            return;
        }

        if (value.Value.IsInfinity)
        {
            sink.Raw("\"inf\""u8);
        }
        else
        {
            sink.Integer(value.Value.Value);
        }
    }

    /// <summary>Audio in an event.</summary>
    public static void Base64<TSink>(scoped ref TSink sink, scoped ref bool first, ReadOnlySpan<byte> name, AudioBytes value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        Name(ref sink, ref first, name);
        sink.Base64(value);
    }

    /// <summary>Audio in an object.</summary>
    public static void Base64<TSink>(scoped ref TSink sink, scoped ref bool first, ReadOnlySpan<byte> name, Field<ReadOnlyMemory<byte>> value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (Open(ref sink, ref first, name, value.Presence))
        {
            sink.Base64(value.Value);
        }
    }

    /// <summary>Any JSON.</summary>
    public static void Any<TSink>(scoped ref TSink sink, scoped ref bool first, ReadOnlySpan<byte> name, RawJson value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (value.HasValue)
        {
            Name(ref sink, ref first, name);
            sink.Raw(value.Utf8);
        }
    }

    /// <summary>Members that are not known, as they came.</summary>
    public static void Unknown<TSink>(scoped ref TSink sink, scoped ref bool first, UnknownMembers value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (!value.IsEmpty)
        {
            Separate(ref sink, ref first);
            sink.Raw(value.Json);
        }
    }

    /// <summary>An object.</summary>
    public static void Object<TSink, T>(scoped ref TSink sink, scoped ref bool first, ReadOnlySpan<byte> name, Field<T> value)
        where TSink : struct, IJsonSink, allows ref struct
        where T : class, IJsonWritable
    {
        if (Open(ref sink, ref first, name, value.Presence))
        {
            value.Value.WriteTo(ref sink);
        }
    }

    /// <summary>A value of an enumeration.</summary>
    public static void Enum<TSink, TEnum, TNames>(scoped ref TSink sink, scoped ref bool first, ReadOnlySpan<byte> name, OpenEnum<TEnum> value)
        where TSink : struct, IJsonSink, allows ref struct
        where TEnum : struct, System.Enum
        where TNames : IEnumNames<TEnum>
    {
        if (Open(ref sink, ref first, name, value.Presence))
        {
            EnumValue<TSink, TEnum, TNames>(ref sink, value);
        }
    }

    /// <summary>A value of an enumeration, without a name before it.</summary>
    public static void EnumValue<TSink, TEnum, TNames>(scoped ref TSink sink, OpenEnum<TEnum> value)
        where TSink : struct, IJsonSink, allows ref struct
        where TEnum : struct, System.Enum
        where TNames : IEnumNames<TEnum>
    {
        if (value.Raw.HasValue)
        {
            sink.String(value.Raw);
            return;
        }

        ReadOnlySpan<byte> text = TNames.ToUtf8(value.Known);
        if (text.IsEmpty)
        {
            ThrowUnknown(TNames.TypeName);
        }

        sink.Raw(text);
    }

    internal static string NameOf(ReadOnlySpan<byte> name) => System.Text.Encoding.UTF8.GetString(name.Trim(",\":"u8));

    /// <summary>Writes name and null where that is all there is to write. True when the caller must write a value.</summary>
    private static bool Open<TSink>(scoped ref TSink sink, scoped ref bool first, ReadOnlySpan<byte> name, Presence presence)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (presence == Presence.Absent)
        {
            return false;
        }

        Name(ref sink, ref first, name);
        if (presence == Presence.Value)
        {
            return true;
        }

        sink.Raw("null"u8);
        return false;
    }

    private static void Separate<TSink>(scoped ref TSink sink, scoped ref bool first)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (!first)
        {
            sink.Raw(","u8);
        }

        first = false;
    }

    [DoesNotReturn]
    private static void ThrowUnknown(string enumeration) =>
        throw new ArgumentException($"This value of {enumeration} has no text on the wire: use a known value, or give the text itself.");
}
