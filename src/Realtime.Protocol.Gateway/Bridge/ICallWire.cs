namespace Realtime.Protocol.Gateway;

/// <summary>The line to a caller: whole messages in, frames out. One reader, and one writer at a time.</summary>
internal interface ICallWire : IAsyncDisposable
{
    /// <summary>The next message, or a reason to end; never fails. A message is valid until the next call.</summary>
    ValueTask<WireMessage> ReceiveAsync();

    /// <summary>Sends all frames. Waits for the caller's side to take them; false when the line is gone.</summary>
    ValueTask<bool> SendAsync(OutgoingFrames frames);

    /// <summary>Says goodbye, where the wire has a word for it, and stays open for what the other side still says.</summary>
    ValueTask CloseAsync(int status, string description);

    /// <summary>Breaks the line off: a receive that waits returns, and so does a send.</summary>
    void Abort();
}

/// <summary>What came over a line.</summary>
/// <param name="Bytes">A whole message.</param>
/// <param name="IsText">Whether the wire said that it is text.</param>
/// <param name="End">Not null: there was no message, and the call is over.</param>
/// <param name="IsOver">Nothing comes any more. Behind a message that was too long, a goodbye may.</param>
internal readonly record struct WireMessage(ReadOnlyMemory<byte> Bytes, bool IsText, CallEnd? End, bool IsOver = false);
