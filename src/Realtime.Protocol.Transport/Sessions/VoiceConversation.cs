using System.Diagnostics.CodeAnalysis;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol;

/// <summary>
/// The server's conversation, as its events state it. Texts and transcripts are kept, sound and pictures are not: <see cref="RetrieveAsync"/> fetches them. Every member may be called from any thread, and the last
/// three also hold for an item that is not known here, as far as the server takes them. What they return is awaited or not: then nothing is lost but the news.
/// </summary>
/// <remarks>
/// At most 10,000 items and 4 MiB of words are kept. The oldest items go first; of an item whose words had to go, the content is empty.
/// </remarks>
public sealed class VoiceConversation
{
    // In the words of a server, since it is the server's fault and the caller's exception.
    private static readonly ServerError Unanswered = new("no_answer", null, "The server did not answer in time.", null, null);

    private static readonly ServerError DeletedMeanwhile = new("item_deleted", null, "The item was deleted meanwhile.", null, null);

    private readonly SessionLife _life;

    internal VoiceConversation(SessionLife life) => _life = life;

    /// <summary>The service's id of the conversation; null while it has not named it, which most do with their first response.</summary>
    public string? Id => _life.Current.Gate.Statement.ConversationId;

    /// <summary>
    /// What the conversation holds, in its order. A value: a change makes a new one, and nothing is made before somebody asks. An item that was added here is in it when the server has confirmed it. It stays
    /// when the session has ended.
    /// </summary>
    public IReadOnlyList<ConversationItem> Items => _life.Current.Gate.Items;

    /// <summary>The item with this id, as it is now.</summary>
    /// <param name="itemId">Its id.</param>
    /// <param name="item">The item.</param>
    /// <returns>False when the conversation does not hold it.</returns>
    public bool TryGet(string itemId, [NotNullWhen(true)] out ConversationItem? item)
    {
        ArgumentNullException.ThrowIfNull(itemId);
        item = _life.Current.Gate.FindItem(itemId);
        return item is not null;
    }

    /// <summary>
    /// Adds an item and asks for nothing. It is queued when the call returns, so whatever is asked next reads it; the task tells when the server has it. An item that is there under its id is not sent
    /// again, and the task completes with it (IT-05).
    /// </summary>
    /// <param name="item">
    /// A message, a function call, or the output of a call (which answers that call, FC-03). What the model says is text, and sound of its that has a transcript goes as that (IT-11); so does the user's,
    /// where it has no bytes.
    /// </param>
    /// <param name="position">Where it goes.</param>
    /// <param name="cancellationToken">Gives up waiting; the item was sent all the same.</param>
    /// <returns>The item as the server confirmed it, with its id.</returns>
    /// <exception cref="ArgumentException">It has no content or can't be written, its id has more than 32 characters, or only the server makes items of its kind. Nothing was sent.</exception>
    /// <exception cref="RealtimeRefusedException">
    /// Nothing was sent: sound of the model's without a transcript, or sound or a picture of the system (IT-11); more than 15 MiB of it in base64 (BP-05); behind an item that the conversation does not hold (IT-03); the id of
    /// a deleted item (IT-05); an output that no call waits for (FC-03); or more than 8 MiB wait to be sent (BP-04).
    /// </exception>
    /// <exception cref="RealtimeRejectedException">The server refused it; its <see cref="RealtimeRejectedException.Error"/> names the parameter. Or it did not answer within 10 s (code <c>no_answer</c>).</exception>
    /// <exception cref="RealtimeClosedException">The session has ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<ConversationItem> AddAsync(ConversationItem item, ItemPosition position = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        return SubmitAsync(SessionIntent.AddItem(item, position), item, cancellationToken);
    }

    /// <summary>Deletes an item. One of a response that runs is deleted when that response is done (TR-08). What the server no longer has counts as deleted (IT-08).</summary>
    /// <param name="itemId">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting; the item is deleted all the same.</param>
    /// <exception cref="RealtimeRefusedException">The conversation does not hold it, or it is being deleted already (IT-06). Nothing was sent.</exception>
    /// <exception cref="RealtimeRejectedException">The server refused it, or did not answer within 10 s of the sending (code <c>no_answer</c>).</exception>
    /// <exception cref="RealtimeClosedException">The session has ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task DeleteAsync(string itemId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(itemId);
        return SubmitAsync(SessionIntent.DeleteItem(itemId), null, cancellationToken, isDeletion: true);
    }

    /// <summary>Fetches the server's copy of an item, with its sound as raw bytes. Whoever asks for the same one meanwhile waits for the same answer (IT-09).</summary>
    /// <param name="itemId">Its id. An item that is not known here is asked for as well.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RealtimeRefusedException">It was deleted (IT-09). Nothing was sent.</exception>
    /// <exception cref="RealtimeRejectedException">The server does not have it; it was deleted meanwhile (code <c>item_deleted</c>); or it did not answer within 10 s (code <c>no_answer</c>).</exception>
    /// <exception cref="RealtimeClosedException">The session has ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<ConversationItem> RetrieveAsync(string itemId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(itemId);
        return SubmitAsync(SessionIntent.RetrieveItem(itemId), null, cancellationToken);
    }

    /// <summary>
    /// Cuts a message of the model's to what was heard of it. The session does so by itself when it is interrupted; this is for applications that know better. At the message's end nothing is cut.
    /// </summary>
    /// <param name="itemId">The message.</param>
    /// <param name="heard">How much of it was heard, in whole milliseconds: a rest is dropped.</param>
    /// <param name="cancellationToken">Gives up waiting; the item is cut all the same.</param>
    /// <returns>The message, with <see cref="ConversationItem.Message.TruncatedAt"/> and without the transcript that the server has dropped.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    /// <exception cref="RealtimeRefusedException">
    /// Nothing was sent: it is beyond the sound that came (TR-02), or nothing, for which an item is deleted (TR-07); the response still runs (TR-08); the item was truncated before (TR-09) or deleted (TR-11), or is no message of the
    /// model's with sound (TR-10); or the session stands beside a call, where the server truncates (CX-08).
    /// </exception>
    /// <exception cref="RealtimeRejectedException">The server refused it; the item was deleted meanwhile (code <c>item_deleted</c>); or it did not answer within 10 s (code <c>no_answer</c>).</exception>
    /// <exception cref="RealtimeClosedException">The session has ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<ConversationItem> TruncateAsync(string itemId, TimeSpan heard, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(itemId);
        ArgumentOutOfRangeException.ThrowIfLessThan(heard, TimeSpan.Zero);
        return SubmitAsync(SessionIntent.TruncateItem(itemId, (long)heard.TotalMilliseconds), null, cancellationToken);
    }

    private Task<ConversationItem> SubmitAsync(SessionIntent intent, ConversationItem? given, CancellationToken cancellationToken, bool isDeletion = false)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<ConversationItem>(cancellationToken);
        }

        using Lock.Scope scope = _life.Enter(out VoiceConnection current);
        (SubmitResult result, Task<OperationResult> end) = current.Gate.SubmitItem(in intent, given);
        if (!result.IsAccepted)
        {
            throw _life.Refusal(current, in result);
        }

        return EndAsync(current, result.ItemId, given, end.WaitAsync(cancellationToken), isDeletion).MayBeLeftAlone();
    }

    private async Task<ConversationItem> EndAsync(VoiceConnection connection, string? itemId, ConversationItem? given, Task<OperationResult> end, bool isDeletion)
    {
        OperationResult result = await end.ConfigureAwait(false);
        if (result.IsCompleted)
        {
            // What the server took and lost again at once is told as it was given; of what it cut and lost, nothing is left to tell.
            return result.Item ?? (given is not null ? given with { Id = itemId ?? "", State = ItemState.Completed }
                : isDeletion ? null! // nobody asks for it
                : throw new RealtimeRejectedException(DeletedMeanwhile));
        }

        throw _life.Failure(connection, in result, Unanswered);
    }
}
