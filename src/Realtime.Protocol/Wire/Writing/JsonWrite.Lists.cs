namespace Realtime.Protocol.Wire;

/// <summary>
/// Members that hold many values: arrays and maps. An element that is null is refused, since the protocol has none; the
/// member's name is there to say so.
/// </summary>
public static partial class JsonWrite
{
    /// <summary>An array of objects.</summary>
    public static void Objects<TSink, T>(scoped ref TSink sink, FieldList<T> value, ReadOnlySpan<byte> name)
        where TSink : struct, IJsonSink, allows ref struct
        where T : class, IJsonWritable
    {
        if (!HasValue(ref sink, value.Presence))
        {
            return;
        }

        sink.Raw("["u8);
        bool firstElement = true;
        foreach (T element in value)
        {
            Separate(ref sink, ref firstElement);
            (element ?? throw NullElement(name)).WriteTo(ref sink);
        }

        sink.Raw("]"u8);
    }

    /// <summary>An array of strings.</summary>
    public static void Texts<TSink>(scoped ref TSink sink, FieldList<Text> value, ReadOnlySpan<byte> name)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (!HasValue(ref sink, value.Presence))
        {
            return;
        }

        sink.Raw("["u8);
        bool firstElement = true;
        foreach (Text element in value)
        {
            Separate(ref sink, ref firstElement);
            if (!element.HasValue)
            {
                throw NullElement(name);
            }

            sink.String(element);
        }

        sink.Raw("]"u8);
    }

    /// <summary>An array of whole numbers.</summary>
    public static void Integers<TSink>(scoped ref TSink sink, FieldList<long> value, ReadOnlySpan<byte> name)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (!HasValue(ref sink, value.Presence))
        {
            return;
        }

        sink.Raw("["u8);
        bool firstElement = true;
        foreach (long element in value)
        {
            Separate(ref sink, ref firstElement);
            sink.Integer(element);
        }

        sink.Raw("]"u8);
    }

    /// <summary>An array of values of an enumeration.</summary>
    public static void Enums<TSink, TEnum, TNames>(scoped ref TSink sink, FieldList<OpenEnum<TEnum>> value, ReadOnlySpan<byte> name)
        where TSink : struct, IJsonSink, allows ref struct
        where TEnum : struct, System.Enum
        where TNames : IEnumNames<TEnum>
    {
        if (!HasValue(ref sink, value.Presence))
        {
            return;
        }

        sink.Raw("["u8);
        bool firstElement = true;
        foreach (OpenEnum<TEnum> element in value)
        {
            Separate(ref sink, ref firstElement);
            if (!element.HasValue)
            {
                throw NullElement(name);
            }

            EnumValue<TSink, TEnum, TNames>(ref sink, element);
        }

        sink.Raw("]"u8);
    }

    /// <summary>An array of any JSON.</summary>
    public static void Anys<TSink>(scoped ref TSink sink, FieldList<RawJson> value, ReadOnlySpan<byte> name)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (!HasValue(ref sink, value.Presence))
        {
            return;
        }

        sink.Raw("["u8);
        bool firstElement = true;
        foreach (RawJson element in value)
        {
            Separate(ref sink, ref firstElement);
            if (!element.HasValue)
            {
                throw NullElement(name);
            }

            sink.Raw(element.Utf8);
        }

        sink.Raw("]"u8);
    }

    /// <summary>A map of strings, held to its limits (zero: no limit). Lengths are counted in characters.</summary>
    /// <exception cref="ArgumentException">The map exceeds a limit, or a key occurs twice.</exception>
    public static void Map<TSink>(scoped ref TSink sink, StringMap value, ReadOnlySpan<byte> name, int maxPairs, int maxKeyLength, int maxValueLength)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (!HasValue(ref sink, value.Presence))
        {
            return;
        }

        StringMapLimits.Check(value.Pairs, name, maxPairs, maxKeyLength, maxValueLength);
        sink.Raw("{"u8);
        bool firstPair = true;
        foreach (KeyValuePair<string, string> pair in value)
        {
            Separate(ref sink, ref firstPair);
            sink.String(pair.Key);
            sink.Raw(":"u8);
            sink.String(pair.Value);
        }

        sink.Raw("}"u8);
    }

    private static ArgumentException NullElement(ReadOnlySpan<byte> name) =>
        new($"An element of '{System.Text.Encoding.UTF8.GetString(name)}' is null; every element must have a value.");
}
