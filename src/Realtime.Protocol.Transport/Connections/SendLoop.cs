using System.Buffers;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What goes out, in the order of the queue: messages that lie written, and audio, which is taken from the input pipe and written at its
/// moment. It waits for the network, and for something to send.
/// </summary>
/// <param name="queue">What is to be sent.</param>
/// <param name="transport">Where it goes.</param>
/// <param name="input">The user's audio.</param>
/// <param name="writeAudio">Writes the event that brings audio to the server.</param>
/// <param name="sent">Told how much audio the socket has taken.</param>
/// <param name="witness">Sees every message on its way.</param>
internal sealed class SendLoop(SendQueue queue, IRealtimeTransport transport, InputSource input, Action<IBufferWriter<byte>, ReadOnlySequence<byte>> writeAudio, SentAudio sent, SendWitness witness)
{
    private readonly MessageWriter _append = new();

    /// <summary>Sends until the queue is closed or the connection has ended.</summary>
    /// <returns>False when the transport took a message no more: it says that its connection has ended.</returns>
    public async Task<bool> RunAsync()
    {
        try
        {
            do
            {
                while (queue.TryTake(out Outgoing next))
                {
                    Outgoing message = next.Rented is null ? TakeAudio(next) : next;
                    long handedAt = sent.Now;
                    if (message.Length > 0)
                    {
                        // Here and not in a method of its own: one that has to wait would be an object for each message.
                        bool isTaken = false;
                        try
                        {
                            witness.Handing(message.Message.Span);
                            isTaken = await transport.SendAsync(message.Message).ConfigureAwait(false);
                        }
                        finally
                        {
                            if (!isTaken && message.Ticket is { } ticket)
                            {
                                queue.Strand(ticket);
                            }
                        }

                        if (!isTaken)
                        {
                            return false;
                        }

                        witness.Taken(message.Message.Span);
                    }

                    if (next.AudioBytes > 0 && message.Length > 0)
                    {
                        sent.Add(next.AudioBytes, handedAt);
                    }

                    // A transport may read it until then, so one that fails keeps the block.
                    message.GiveBack();
                    message.Ticket?.Complete();
                }
            }
            while (await queue.WaitAsync().ConfigureAwait(false));

            return true;
        }
        finally
        {
            await input.LeaveAsync().ConfigureAwait(false);
        }
    }

    // Nothing, when what comes next is to be thrown away.
    private Outgoing TakeAudio(Outgoing next)
    {
        input.Take(queue, in next, _append, writeAudio);
        return _append.Take();
    }
}
