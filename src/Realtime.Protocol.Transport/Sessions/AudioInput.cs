using System.IO.Pipelines;

namespace Realtime.Protocol;

/// <summary>
/// The user's voice: raw bytes in <see cref="Encoding"/>, any sizes; half a sample waits for its other half. Each flush hands the bytes over to be
/// sent, in order with everything else; awaiting it is how a fast writer waits for the network. One writer: where two threads
/// write at the same time, one of them gets an <see cref="InvalidOperationException">exception</see>. Completed with an exception, it sends what was flushed and nothing else; the session goes on.
/// </summary>
public abstract class AudioInput : PipeWriter
{
    private protected AudioInput()
    {
    }

    /// <summary>What the bytes mean: <see cref="VoiceSessionOptions.InputEncoding"/>, for the life of the session.</summary>
    public abstract AudioEncoding Encoding { get; }

    /// <summary>How much of it the socket has taken since the session began, over all its connections; what is sent again after a reconnect counts once. It is the clock of <see cref="Utterance.Start"/> and <see cref="Utterance.End"/>. May be read from any thread.</summary>
    public abstract TimeSpan Sent { get; }

    /// <summary>
    /// Writes raw audio and flushes it: it is the user's voice from now on, and goes to the server as soon as the network takes it. The call waits only for a network that is far behind.
    /// </summary>
    /// <param name="source">Raw samples in <see cref="Encoding"/>, without a file's header; never base64 text, which would be heard as noise (RT2001).</param>
    /// <param name="cancellationToken">Gives up waiting; what was written is sent all the same, or with the next flush when the token was cancelled before.</param>
    /// <returns><see cref="FlushResult.IsCompleted"/> is true when the session takes no more.</returns>
    public override ValueTask<FlushResult> WriteAsync([RawAudio] ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) => base.WriteAsync(source, cancellationToken);

    /// <summary>
    /// Makes what was flushed an item of the conversation, without asking for a response. It takes its place in the order of all that is asked, at the call.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting; the commit was sent all the same.</param>
    /// <returns>What was committed, when the server has said that it is an item. Awaited or not: then nothing is lost but the news.</returns>
    /// <exception cref="RealtimeRefusedException">Less than 100 ms of audio was flushed, or the server ends the turns (TD-03); or more than 8 MiB wait to be sent (BP-04). Nothing was sent.</exception>
    /// <exception cref="RealtimeRejectedException">The server refused it. Or it did not answer within 10 s (code <c>no_answer</c>): then it may still take it.</exception>
    /// <exception cref="RealtimeClosedException">The session has ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="NotSupportedException">A translation has no turns.</exception>
    public abstract Task<Utterance> CommitAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Throws away what the server has of the user's voice since the last turn. It takes its place in the order of all that is
    /// asked: what was flushed before is thrown away, what is flushed afterwards is kept. While the session connects anew, nothing of it is sent to the next server; speech that a turn waits with stays. Does nothing when the session has ended.
    /// </summary>
    /// <exception cref="RealtimeRefusedException">More than 8 MiB wait to be sent (BP-04).</exception>
    public abstract void Clear();
}

/// <summary>What one does with an <see cref="AudioInput"/> without importing anything else.</summary>
public static class AudioInputExtensions
{
    private const int ChunkMilliseconds = 100;

    /// <summary>
    /// Writes a stream to a session's input until the stream or the session ends, in pieces of a tenth of a second, and leaves the input open. It is as fast as the stream and the network let it: a
    /// file arrives sooner than it would play.
    /// </summary>
    /// <param name="source">Raw audio in the input's encoding.</param>
    /// <param name="destination">The input of a session.</param>
    /// <param name="cancellationToken">Stops between two pieces; what was written stays written.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task CopyToAsync(this Stream source, AudioInput destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        int chunk = Math.Max(1, destination.Encoding.SamplesPerSecond * destination.Encoding.BytesPerSample * ChunkMilliseconds / 1000);
        while (true)
        {
            int read = await source.ReadAsync(destination.GetMemory(chunk)[..chunk], cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested(); // a piece that is not flushed would be part of the next turn
            if (read == 0)
            {
                return;
            }

            destination.Advance(read);
            FlushResult flushed = await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (flushed.IsCompleted || flushed.IsCanceled)
            {
                return;
            }
        }
    }
}
