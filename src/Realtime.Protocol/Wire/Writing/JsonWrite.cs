using System.Buffers;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Wire;

/// <summary>
/// What generated writers share. Each method writes one value, or null, behind a name that the generated code has written.
/// The generated code passes over members that are absent, so none of these methods is called for one.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
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

        // No event can change itself when it is written: it does that in a readonly method (held to it by WritingTests), and
        // objects are classes. The compiler does not know that of a T and would copy it for each pass, 88 bytes with audio.
        ref T unchanged = ref Unsafe.AsRef(in value);
        var measuring = default(MeasuringSink);
        unchanged.WriteTo(ref measuring);
        int length = measuring.Length;

        var writing = new WritingSink(output.GetSpan(length)[..length]);
        unchanged.WriteTo(ref writing);
        writing.RequireFull();
        output.Advance(length);
    }

    /// <summary>The name of a member that may be the first one: then its comma is left out.</summary>
    public static void Name<TSink>(scoped ref TSink sink, scoped ref bool first, ReadOnlySpan<byte> name)
        where TSink : struct, IJsonSink, allows ref struct
    {
        sink.Raw(first ? name[1..] : name);
        first = false;
    }

    /// <summary>Writes null where that is all there is to write. True when the caller must write a value.</summary>
    public static bool HasValue<TSink>(scoped ref TSink sink, Presence presence)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (presence == Presence.Value)
        {
            return true;
        }

        sink.Raw("null"u8);
        return false;
    }

    /// <summary>A string.</summary>
    public static void Text<TSink>(scoped ref TSink sink, scoped in Text value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (HasValue(ref sink, value.Presence))
        {
            sink.String(in value);
        }
    }

    /// <summary>A whole number.</summary>
    public static void Integer<TSink>(scoped ref TSink sink, Field<long> value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (HasValue(ref sink, value.Presence))
        {
            sink.Integer(value.Value);
        }
    }

    /// <summary>A number.</summary>
    public static void Number<TSink>(scoped ref TSink sink, Field<double> value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (HasValue(ref sink, value.Presence))
        {
            sink.Number(value.Value);
        }
    }

    /// <summary>A truth value.</summary>
    public static void Boolean<TSink>(scoped ref TSink sink, Field<bool> value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (HasValue(ref sink, value.Presence))
        {
            sink.Raw(value.Value ? "true"u8 : "false"u8);
        }
    }

    /// <summary>A limit that may be infinite.</summary>
    public static void IntegerOrInfinity<TSink>(scoped ref TSink sink, Field<IntegerOrInfinity> value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (!HasValue(ref sink, value.Presence))
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
    public static void Base64<TSink>(scoped ref TSink sink, scoped in AudioBytes value)
        where TSink : struct, IJsonSink, allows ref struct => sink.Base64(in value);

    /// <summary>Audio in an object.</summary>
    public static void Base64<TSink>(scoped ref TSink sink, Field<ReadOnlyMemory<byte>> value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (HasValue(ref sink, value.Presence))
        {
            sink.Base64(value.Value);
        }
    }

    /// <summary>Members that are not known, as they came, after a comma unless they are the first ones.</summary>
    public static void Unknown<TSink>(scoped ref TSink sink, bool first, UnknownMembers value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (!value.IsEmpty)
        {
            UnknownOfSome(ref sink, first, value);
        }
    }

    /// <summary>A value of an enumeration.</summary>
    public static void Enum<TSink, TEnum, TNames>(scoped ref TSink sink, OpenEnum<TEnum> value)
        where TSink : struct, IJsonSink, allows ref struct
        where TEnum : struct, System.Enum
        where TNames : IEnumNames<TEnum>
    {
        if (HasValue(ref sink, value.Presence))
        {
            EnumValue<TSink, TEnum, TNames>(ref sink, value);
        }
    }

    /// <summary>A value of an enumeration that has one.</summary>
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

    // Rare, so that it stays out of the writers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UnknownOfSome<TSink>(scoped ref TSink sink, bool first, UnknownMembers value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        Separate(ref sink, ref first);
        sink.Raw(value.Json);
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
