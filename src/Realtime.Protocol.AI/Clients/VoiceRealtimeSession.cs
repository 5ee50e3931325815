using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Realtime.Protocol.AI;

/// <summary>
/// A voice session as Microsoft.Extensions.AI sees one. What is sent becomes a verb of the session (<see cref="ClientMessages"/>), so it keeps the protocol's rules; what the server says becomes messages (<see cref="ServerMessages"/>), each
/// when the session itself has taken it in, so that an answer to a message finds the session ready for it. Nothing is lost between two readers, and one at a time may read.
/// </summary>
internal sealed class VoiceRealtimeSession : IRealtimeClientSession
{
    private readonly MessageInbox _inbox = new();
    private readonly ChatClientMetadata _metadata;
    private ClientMessages? _sending;
    private VoiceSession? _session;
    private Task _following = Task.CompletedTask;
    private int _isRead;

    private VoiceRealtimeSession(ChatClientMetadata metadata) => _metadata = metadata;

    public RealtimeSessionOptions? Options { get; private set; }

    public static async Task<VoiceRealtimeSession> ConnectAsync(VoiceSessionOptions options, RealtimeSessionOptions asked, ChatClientMetadata metadata, CancellationToken cancellationToken)
    {
        var made = new VoiceRealtimeSession(new(metadata.ProviderName, metadata.ProviderUri, asked.Model ?? metadata.DefaultModelId));
        SessionOptionsMapping.Apply(options, asked);
        ServerEventHandler? theirs = options.OnServerEvent;
        MessageInbox inbox = made._inbox;
        options.OnServerEvent = theirs is null ? inbox.Take : (in e) =>
        {
            inbox.Take(in e);
            theirs(in e);
        };

        VoiceSession session = await VoiceSession.ConnectAsync(options, cancellationToken).ConfigureAwait(false);
        made.Options = asked;
        made._session = session;
        made._sending = new(session, options, asked.Tools is not null, made._inbox);
        made._following = made.FollowAsync(session);
        return made;
    }

    public async Task SendAsync(RealtimeClientMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        if (message is not SessionUpdateRealtimeClientMessage update)
        {
            await _sending!.SendAsync(message, cancellationToken).ConfigureAwait(false);
            return;
        }

        SessionConfiguration changes = SessionOptionsMapping.ToChanges(update, _sending!.Options, Options!);
        await _session!.UpdateAsync(changes, cancellationToken).ConfigureAwait(false);
        Options = SessionOptionsMapping.Merge(Options!, update.Options);
        if (changes.Tools is not null)
        {
            _sending.GiveUpOwnTools();
        }
    }

    public async IAsyncEnumerable<RealtimeServerMessage> GetStreamingResponseAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isRead, 1) != 0)
        {
            throw new InvalidOperationException("The messages of this session are being read already; one reader at a time.");
        }

        try
        {
            while (await _inbox.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                while (_inbox.TryTake(out MessageInbox.Entry entry))
                {
                    yield return ServerMessages.Of(in entry, _sending!);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _isRead, 0);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType == typeof(VoiceSession) ? _session
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _session!.DisposeAsync().ConfigureAwait(false);

        // Which says how it ended, and completes the messages.
        await _following.ConfigureAwait(false);
    }

    /// <summary>What the session says that is no event of the server's; and its end.</summary>
    private async Task FollowAsync(VoiceSession session)
    {
        await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync().ConfigureAwait(false))
        {
            switch (update)
            {
                case VoiceSessionUpdate.TurnBegan(var turn):
                    await turn.Audio.CompleteAsync().ConfigureAwait(false); // the messages have it; that nobody took it from here says nothing of what was heard
                    break;
                case VoiceSessionUpdate.Problem(SessionProblem.Reported):
                    break; // the error itself is among the messages
                case VoiceSessionUpdate.Problem(var problem):
                    _sending!.Note(problem);
                    _inbox.Add(update);
                    break;
                case VoiceSessionUpdate.Reconnecting or VoiceSessionUpdate.Resumed or VoiceSessionUpdate.Missed:
                    _inbox.Add(update);
                    break;
            }
        }

        RealtimeCloseReason reason = await session.Ended.ConfigureAwait(false);
        _inbox.Complete(reason.IsOrderly ? null : ErrorMessages.Of(reason));
    }
}
