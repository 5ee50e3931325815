using System.Collections.Immutable;
using Realtime.Protocol.Views;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Walks the JSON of a checkpoint, and refuses by an exception what is not as it has to be: JSON that is none, a member that comes twice or is missing, a word that is none, a number that cannot be.
/// What is refused is told by place and reason, never by content.
/// </summary>
[Cursor]
internal ref struct CheckpointCursor
{
    private JsonCursor _cursor;

    public CheckpointCursor(ReadOnlySpan<byte> json) => _cursor = new JsonCursor(json);

    public readonly int Position => _cursor.Position;

    /// <summary>Reads the beginning of an object.</summary>
    /// <returns>Whether a member follows.</returns>
    public bool BeginObject()
    {
        Check(_cursor.BeginObject(out bool more));
        return more;
    }

    /// <summary>Reads what stands behind a member.</summary>
    /// <returns>Whether another one follows.</returns>
    public bool NextMember()
    {
        Check(_cursor.NextMember(out bool more));
        return more;
    }

    /// <summary>Reads the beginning of an array.</summary>
    /// <returns>Whether an element follows.</returns>
    public bool BeginArray()
    {
        Check(_cursor.BeginArray(out bool more));
        return more;
    }

    /// <summary>Reads what stands behind an element.</summary>
    /// <returns>Whether another one follows.</returns>
    public bool NextElement()
    {
        Check(_cursor.NextElement(out bool more));
        return more;
    }

    /// <summary>The first byte of the next value.</summary>
    public byte Peek() => _cursor.Peek();

    public void Skip() => Check(_cursor.Skip());

    /// <summary>Nothing but white space may be left.</summary>
    public void End() => Check(_cursor.End());

    public void ReadText(scoped ref Slot slot, bool nullable = false) => Check(_cursor.ReadText(ref slot, nullable));

    public void ReadInteger(scoped ref Slot slot) => Check(_cursor.ReadInteger(ref slot, nullable: false));

    public void ReadBoolean(scoped ref Slot slot) => Check(_cursor.ReadBoolean(ref slot, nullable: false));

    /// <summary>Reads an object of the protocol.</summary>
    public void ReadView<TView>(scoped ref Slot slot)
        where TView : struct, IJsonView<TView>, allows ref struct => Check(_cursor.Read<TView>(ref slot, nullable: false));

    /// <summary>Reads an array of texts.</summary>
    public ImmutableArray<string> Texts()
    {
        ImmutableArray<string>.Builder texts = ImmutableArray.CreateBuilder<string>();
        bool more = BeginArray();
        while (more)
        {
            Slot text = default;
            ReadText(ref text);
            texts.Add(Text(text).ToString());
            more = NextElement();
        }

        return texts.DrainToImmutable();
    }

    /// <summary>Reads the name of a member.</summary>
    public Slot Name()
    {
        Check(_cursor.ReadName(out Slot name));
        return name;
    }

    public readonly bool Is(Slot name, ReadOnlySpan<byte> member) => JsonEscapes.ValueEquals(_cursor.Json, name, member);

    public readonly bool IsTrue(Slot slot) => slot.In(_cursor.Json).SequenceEqual("true"u8);

    public readonly TextView Text(Slot slot) => new(_cursor.Json, slot);

    /// <summary>The text of a member; null when it is absent or null.</summary>
    public readonly string? OrNull(Slot slot) => slot.HasValue ? Text(slot).ToString() : null;

    /// <summary>The text of a member that has to be there.</summary>
    public readonly string Required(Slot slot, string member) => OrNull(slot) ?? throw Missing(member);

    /// <summary>The JSON of a member, as it stands there.</summary>
    public readonly RawJson Raw(Slot slot) => slot.Occurs ? RawJson.FromUtf8(slot.In(_cursor.Json).ToArray()) : default;

    /// <summary>What a word of a table means.</summary>
    public readonly T Word<T>((T Value, string Word)[] words, Slot slot, string member)
        where T : struct, Enum
    {
        if (!slot.HasValue)
        {
            throw Missing(member);
        }

        return CheckpointWords.TryFind(words, Text(slot), out T value) ? value : throw Fault(CheckpointFault.Damaged, slot.Start, "this word is none that can stand here");
    }

    /// <summary>A number that has to be there, and is not negative.</summary>
    public readonly long Number(Slot slot, string member)
    {
        if (!slot.Occurs)
        {
            throw Missing(member);
        }

        long value = FieldReader.OptionalInteger(_cursor.Json, slot).Value;
        return value >= 0 ? value : throw Fault(CheckpointFault.Damaged, slot.Start, "this number is negative");
    }

    public readonly int Count(Slot slot, string member) =>
        Number(slot, member) is var value && value <= int.MaxValue ? (int)value : throw Fault(CheckpointFault.Damaged, slot.Start, "this number is too large");

    // A time that a TimeSpan can say; 24 days are more than any sound lasts, and no session is transcribed for a lifetime.
    public readonly TimeSpan Time(Slot slot, string member) =>
        Number(slot, member) is var value && value <= TimeSpan.MaxValue.TotalMilliseconds / 2 ? TimeSpan.FromMilliseconds(value) : throw Fault(CheckpointFault.Damaged, slot.Start, "this time is too long");

    /// <summary>A member may come once.</summary>
    public readonly void Once(ref bool isThere, Slot name)
    {
        if (isThere)
        {
            throw Twice(name);
        }

        isThere = true;
    }

    public readonly SessionCheckpointException Twice(Slot name) => Fault(CheckpointFault.Damaged, name.Start, "this member is there twice");

    public readonly SessionCheckpointException Unknown(Slot name) => Fault(CheckpointFault.Damaged, name.Start, "a checkpoint of this version has no such member");

    public readonly SessionCheckpointException Missing(string member) => Fault(CheckpointFault.Damaged, _cursor.Position, $"the member '{member}' is missing");

    private readonly void Check(bool isRead)
    {
        if (!isRead)
        {
            ReadError error = _cursor.ErrorNaming<CheckpointWords>();
            throw Fault(CheckpointFault.Damaged, error.Path, error.Offset, error.Message);
        }
    }

    public readonly SessionCheckpointException Fault(CheckpointFault fault, int offset, string reason) =>
        Fault(fault, fault is CheckpointFault.Foreign ? "" : JsonPath.At<CheckpointWords>(_cursor.Json, offset, isEndOfObject: false), offset, reason);

    private static SessionCheckpointException Fault(CheckpointFault fault, string path, int offset, string reason) =>
        new(fault, path, offset, $"These bytes are no checkpoint that can be used: {reason}{(path.Length > 0 ? $", at {path}" : "")} (byte {offset}).");
}
