using System.ComponentModel;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Views;

/// <summary>Finds a known member by its name; negative for one that is not known.</summary>
/// <param name="message">The message.</param>
/// <param name="name">Where the name lies in it.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate int MemberFinder(ReadOnlySpan<byte> message, Slot name);

/// <summary>From what one reads to what one writes: copies of members that outlive the message. What generated conversions share.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Copy
{
    /// <summary>A string member.</summary>
    public static Text Text(TextView view) => view.Presence switch
    {
        Presence.Absent => default,
        Presence.Null => Events.Text.Null,
        _ => view.ToString(),
    };

    /// <summary>A value of an enumeration; one that is not known keeps its text.</summary>
    public static OpenEnum<TEnum> Enum<TEnum>(EnumView<TEnum> view)
        where TEnum : struct, System.Enum => view.Presence switch
        {
            Presence.Absent => default,
            Presence.Null => OpenEnum<TEnum>.Null,
            _ => EqualityComparer<TEnum>.Default.Equals(view.Value, default) ? view.Raw.ToString() : view.Value,
        };

    /// <summary>A null that the protocol does not define is treated as absent: a copy leaves the member out.</summary>
    public static Text WithoutNull(Text value) => value.Presence == Presence.Null ? default : value;

    /// <inheritdoc cref="WithoutNull(Text)"/>
    public static OpenEnum<TEnum> WithoutNull<TEnum>(OpenEnum<TEnum> value)
        where TEnum : struct, System.Enum => value.Presence == Presence.Null ? default : value;

    /// <inheritdoc cref="WithoutNull(Text)"/>
    public static Field<T> WithoutNull<T>(Field<T> value) => value.Presence == Presence.Null ? default : value;

    /// <inheritdoc cref="WithoutNull(Text)"/>
    public static FieldList<T> WithoutNull<T>(FieldList<T> value) => value.Presence == Presence.Null ? default : value;

    /// <inheritdoc cref="WithoutNull(Text)"/>
    public static StringMap WithoutNull(StringMap value) => value.Presence == Presence.Null ? default : value;

    /// <summary>The same for a member whose absence is null.</summary>
    public static T? OrNull<T>(Field<T> value)
        where T : struct => value.HasValue ? value.Value : null;

    /// <summary>An object whose absence is null; a null that the protocol does not define is treated as absent.</summary>
    public static TWritable? ObjectOrNull<TView, TWritable>(TView view)
        where TView : struct, IWritableView<TView, TWritable>, IJsonView<TView>, allows ref struct
        where TWritable : class => view.Presence == Presence.Value ? view.ToWritable() : null;

    /// <summary>An object that may be absent or null.</summary>
    public static Field<TWritable> Object<TView, TWritable>(TView view)
        where TView : struct, IWritableView<TView, TWritable>, IJsonView<TView>, allows ref struct
        where TWritable : class => view.Presence switch
        {
            Presence.Absent => default,
            Presence.Null => Field<TWritable>.Null,
            _ => view.ToWritable(),
        };

    /// <summary>An array of objects.</summary>
    public static FieldList<TWritable> Objects<TView, TWritable>(ListView<TView> view)
        where TView : struct, IWritableView<TView, TWritable>, IJsonView<TView>, allows ref struct
        where TWritable : class
    {
        if (!view.HasValue)
        {
            return view.Presence == Presence.Null ? FieldList<TWritable>.Null : default;
        }

        var items = new List<TWritable>();
        foreach (TView item in view)
        {
            items.Add(item.ToWritable());
        }

        return items.ToArray();
    }

    /// <summary>An array of strings.</summary>
    public static FieldList<Text> Texts(ListView<TextView> view)
    {
        if (!view.HasValue)
        {
            return view.Presence == Presence.Null ? FieldList<Text>.Null : default;
        }

        var items = new List<Text>();
        foreach (TextView item in view)
        {
            items.Add(Text(item));
        }

        return items.ToArray();
    }

    /// <summary>An array of whole numbers.</summary>
    public static FieldList<long> Integers(ListView<IntegerView> view)
    {
        if (!view.HasValue)
        {
            return view.Presence == Presence.Null ? FieldList<long>.Null : default;
        }

        var items = new List<long>();
        foreach (IntegerView item in view)
        {
            items.Add(item.Value);
        }

        return items.ToArray();
    }

    /// <summary>An array of any JSON.</summary>
    public static FieldList<RawJson> Anys(ListView<RawJsonView> view)
    {
        if (!view.HasValue)
        {
            return view.Presence == Presence.Null ? FieldList<RawJson>.Null : default;
        }

        var items = new List<RawJson>();
        foreach (RawJsonView item in view)
        {
            items.Add(item.ToOwned());
        }

        return items.ToArray();
    }

    /// <summary>An array of values of an enumeration.</summary>
    public static FieldList<OpenEnum<TEnum>> Enums<TEnum, TNames>(EnumListView<TEnum, TNames> view)
        where TEnum : struct, System.Enum
        where TNames : IEnumNames<TEnum>
    {
        if (!view.HasValue)
        {
            return view.Presence == Presence.Null ? FieldList<OpenEnum<TEnum>>.Null : default;
        }

        var items = new List<OpenEnum<TEnum>>();
        foreach (EnumView<TEnum> item in view)
        {
            items.Add(Enum(item));
        }

        return items.ToArray();
    }

    /// <summary>A map of strings.</summary>
    public static StringMap Map(StringMapView view)
    {
        if (!view.HasValue)
        {
            return view.Presence == Presence.Null ? StringMap.Null : default;
        }

        var pairs = new List<KeyValuePair<string, string>>();
        foreach (StringMapView.Pair pair in view)
        {
            pairs.Add(new(pair.Key.ToString(), pair.Value.ToString()));
        }

        return pairs.ToArray();
    }

    /// <summary>The members of an object that are not known. Allocates only where there are some.</summary>
    public static UnknownMembers Unknown(ReadOnlySpan<byte> message, Slot self, MemberFinder memberOf)
    {
        System.Buffers.ArrayBufferWriter<byte>? found = null;
        var json = JsonCursor.OfChecked(message, self.Start);
        for (json.BeginObject(out bool more); more; json.NextMember(out more))
        {
            json.ReadName(out Slot name);
            json.Skip(out Slot value);
            if (memberOf(message, name) >= 0)
            {
                continue;
            }

            if (found is not null)
            {
                System.Buffers.BuffersExtensions.Write(found, ","u8);
            }

            int quote = name.Start - 1;
            found ??= new System.Buffers.ArrayBufferWriter<byte>();
            System.Buffers.BuffersExtensions.Write(found, message[quote..(value.Start + value.Length)]);
        }

        return found is null ? default : new UnknownMembers(found.WrittenMemory);
    }

    /// <summary>Audio in an object.</summary>
    public static Field<ReadOnlyMemory<byte>> Audio(Base64View view) => view.Presence switch
    {
        Presence.Absent => default,
        Presence.Null => Field<ReadOnlyMemory<byte>>.Null,
        _ => new Field<ReadOnlyMemory<byte>>(Decode(view)),
    };

    /// <summary>Audio in an event: a copy, even of what lies decoded in the reader's destination, since the next message is decoded there.</summary>
    public static AudioBytes EventAudio(Base64View view) => Decode(view);

    private static byte[] Decode(Base64View view)
    {
        byte[] bytes = new byte[view.DecodedLength];
        view.TryDecode(bytes, out _);
        return bytes;
    }
}
