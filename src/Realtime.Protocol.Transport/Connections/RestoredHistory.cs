using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The items that a session begins with, checked before anything is connected and sent in order when the configuration holds. The session is not given to the application before the server has them all.
/// </summary>
internal sealed class RestoredHistory
{
    private readonly ConversationItem[] _items;

    private RestoredHistory(ConversationItem[] items) => _items = items;

    /// <summary>The history of these options.</summary>
    /// <exception cref="ArgumentException">An item cannot be sent; the message says which.</exception>
    public static RestoredHistory Of(VoiceSessionOptions options)
    {
        ConversationItem[] items = [.. options.History];
        for (int i = 0; i < items.Length; i++)
        {
            try
            {
                SessionIntent.AddItem(items[i]);
            }
            catch (ArgumentException refusal)
            {
                throw new ArgumentException($"Item {i} of the history: {refusal.Message}", nameof(VoiceSessionOptions.History), refusal);
            }
        }

        return new(items);
    }

    /// <summary>Adds them all.</summary>
    /// <exception cref="RealtimeConnectException">One of them was refused, or the connection ended meanwhile.</exception>
    public async Task SendAsync(VoiceConversation conversation, CancellationToken cancellationToken)
    {
        try
        {
            await AddAllAsync(conversation, cancellationToken).ConfigureAwait(false);
        }
        catch (RealtimeRefusedException refusal)
        {
            throw Rejected(refusal, null);
        }
        catch (RealtimeRejectedException rejection)
        {
            throw Rejected(rejection, rejection.Error);
        }
        catch (RealtimeClosedException closed)
        {
            throw new RealtimeConnectException(RealtimeConnectFailure.ClosedEarly, "The connection ended while the history was sent.", closed) { Error = closed.Reason.Error };
        }
    }

    private async Task AddAllAsync(VoiceConversation conversation, CancellationToken cancellationToken)
    {
        var sent = new List<Task>();
        for (int i = 0; i < _items.Length; i++)
        {
            try
            {
                sent.Add(conversation.AddAsync(_items[i], ItemPosition.End, cancellationToken));
            }
            catch (RealtimeRefusedException refusal) when (refusal.Rule == "BP-04" && sent.Count > 0)
            {
                await Task.WhenAll(sent).ConfigureAwait(false);
                sent.Clear();
                i--;
            }
        }

        await Task.WhenAll(sent).ConfigureAwait(false);
    }

    // The server's own words are left out: it quotes what it rejects.
    private static RealtimeConnectException Rejected(RealtimeException inner, ServerError? error) => new(RealtimeConnectFailure.HistoryRejected,
        error is null ? $"An item of the history may not be sent: {inner.Message}" : $"The server rejected an item of the history ({error}).", inner)
    {
        Error = error,
    };
}
