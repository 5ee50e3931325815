using System.Buffers;

namespace Realtime.Protocol.Transport;

/// <summary>One thing to send: a message that lies written in a block of the pool, or so many bytes of the input pipe, or so many of them to skip.</summary>
/// <param name="Rented">The block of a message; null for audio, which is written at its moment.</param>
/// <param name="Length">How long the message is.</param>
/// <param name="AudioBytes">Raw audio that becomes one append.</param>
/// <param name="LeftoverBytes">Raw bytes that are thrown away before what follows.</param>
/// <param name="Ticket">What somebody waits with until the message is sent; null when nobody does.</param>
/// <param name="Request">The event's id, where the message asks for a response; null for every other.</param>
internal readonly record struct Outgoing(byte[]? Rented, int Length, int AudioBytes, int LeftoverBytes, SendTicket? Ticket = null, string? Request = null)
{
    public ReadOnlyMemory<byte> Message => Rented.AsMemory(0, Length);

    public static Outgoing OfAudio(int bytes) => new(null, 0, bytes, 0);

    public static Outgoing OfLeftover(int bytes) => new(null, 0, 0, bytes);

    /// <summary>Gives the block back, when nobody reads it any more: once, by whoever took it.</summary>
    public void GiveBack()
    {
        if (Rented is not null)
        {
            ArrayPool<byte>.Shared.Return(Rented);
        }
    }
}
