namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The turns that run beside the conversation: their creates, which wait for nobody, and whose answer a response is. A response of one of them never takes the conversation's place and is never
/// looked for there; what it says, calls and is told stays with its turn. It holds and sends; when one may begin, <see cref="RunBesideTheConversation"/> says.
/// </summary>
internal sealed class Asides(SessionCore core)
{
    // A lost create's response can still begin, but not after sixty-four others were lost.
    private const int MaxLost = 64;

    private readonly List<TurnState> _open = [];
    private readonly List<Create> _lost = [];

    // Given up before its response began, to a server that repeats no tokens: only order will tell that response from another one.
    private Create? _givenUp;

    /// <summary>A create waits until nothing else can begin that would be taken for its response.</summary>
    public bool HasWaiting => _open.Exists(static turn => turn.Create is { EventId: null });

    /// <summary>How many have not ended.</summary>
    public int Count => _open.Count;

    /// <summary>The create of the one turn that waits for its response to begin, or that was given up before; null when none does, or several: then order tells nothing.</summary>
    public Create? OnlyAsked
    {
        get
        {
            Create? only = core.EchoesMetadata is Knowledge.Yes ? null : _givenUp;
            foreach (TurnState turn in _open)
            {
                if (turn.Create is not { EventId: not null } asked)
                {
                    continue;
                }

                if (only is not null)
                {
                    return null;
                }

                only = asked;
            }

            return only;
        }
    }

    /// <summary>A create is on the wire whose response only order will tell from another one.</summary>
    public bool IsInDoubt => core.EchoesMetadata is not Knowledge.Yes && OnlyAsked is not null;

    /// <summary>When the first create has been unanswered for too long (RC-22).</summary>
    public long UnansweredAt
    {
        get
        {
            long next = _givenUp is { } givenUp ? givenUp.SentAt + core.Settings.AcknowledgementTimeout : long.MaxValue;
            foreach (TurnState turn in _open)
            {
                next = Math.Min(next, turn.Create is { EventId: not null } asked ? asked.SentAt + core.Settings.AcknowledgementTimeout : long.MaxValue);
            }

            return next;
        }
    }

    /// <summary>When the first response has been silent for too long, or has left its cancel unanswered for too long.</summary>
    public long SilentAt
    {
        get
        {
            long next = long.MaxValue;
            foreach (TurnState turn in _open)
            {
                next = Math.Min(next, SilentSince(turn.Response));
            }

            return next;
        }
    }

    /// <summary>A response may be about to begin that was asked for here, also one that nobody wants any more.</summary>
    public bool IsAnyExpected(long now)
    {
        foreach (TurnState turn in _open)
        {
            if (turn.Create is { EventId: not null })
            {
                return true;
            }
        }

        foreach (Create lost in _lost)
        {
            if (now < lost.SentAt + core.Settings.AcknowledgementTimeout)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A turn that asks for its first response.</summary>
    public void Begin(TurnState turn)
    {
        _open.Add(turn);
        Ask(turn);
    }

    /// <summary>The turn wants a response, its first or the one that reads the outputs of its tools.</summary>
    public void Ask(TurnState turn) => turn.Create = new Create(turn, turn.Request, core.Items.LastSequence);

    /// <summary>The turn has ended.</summary>
    public void Over(TurnState turn) => _open.Remove(turn);

    /// <summary>Sends every create that nothing keeps back.</summary>
    public void Flush(long now)
    {
        for (int i = 0; i < _open.Count; i++)
        {
            if (_open[i].Create is { EventId: null } create && !RunBesideTheConversation.IsAmbiguous(core, now))
            {
                core.Slot.Send(create, now);
            }
        }
    }

    /// <summary>Nobody wants the answer to a create any more. Where it is on the wire, a response that answers it is cancelled unheard.</summary>
    public void Lose(Create create)
    {
        if (create.EventId is null)
        {
            return;
        }

        _givenUp = create;
        _lost.Add(create);
        if (_lost.Count > MaxLost)
        {
            _lost.RemoveAt(0);
        }
    }

    /// <summary>
    /// The create that a response answers of which <paramref name="fact"/> is the first news; null when it answers none of these. A token proves it. Order decides only of an announcement, and only
    /// where the server has not shown that it repeats tokens.
    /// </summary>
    public Create? AnsweredBy(in SessionFact fact)
    {
        if (Marked(fact.Token) is { } marked)
        {
            return marked;
        }

        bool isByOrder = fact is { Kind: SessionFactKind.ResponseCreated, Token.IsEmpty: true, Conversation: not Presence.Value }
            && core is { EchoesMetadata: not Knowledge.Yes, Slot.Outstanding: null };
        return isByOrder ? OnlyAsked : null;
    }

    /// <summary>The create, open or given up, that bears this token; null when there is none.</summary>
    public Create? Marked(ReadOnlySpan<byte> token)
    {
        if (token.IsEmpty)
        {
            return null;
        }

        foreach (TurnState turn in _open)
        {
            if (MatchByToken.IsRepeated(token, turn.Create))
            {
                return turn.Create;
            }
        }

        foreach (Create lost in _lost)
        {
            if (MatchByToken.IsRepeated(token, lost))
            {
                return lost;
            }
        }

        return null;
    }

    /// <summary>A response or a refusal has answered this create, so no other will.</summary>
    public void Answered(Create create)
    {
        _lost.Remove(create);
        _givenUp = _givenUp == create ? null : _givenUp;
    }

    /// <summary>Every turn whose create nothing has answered in time.</summary>
    public void EndUnanswered(long now)
    {
        foreach (TurnState turn in _open.ToArray())
        {
            if (turn.Create is { EventId: not null } asked && asked.SentAt + core.Settings.AcknowledgementTimeout <= now)
            {
                core.Turns.GiveUp(turn, new TurnOutcome.TimedOut(), now);
            }
        }

        _givenUp = _givenUp is { } givenUp && givenUp.SentAt + core.Settings.AcknowledgementTimeout <= now ? null : _givenUp;
    }

    /// <summary>The responses that have been silent for too long.</summary>
    public TrackedResponse[] Silent(long now)
    {
        return [.. _open.Where(turn => SilentSince(turn.Response) <= now).Select(static turn => turn.Response!)];
    }

    private long SilentSince(TrackedResponse? response) => response switch
    {
        null or { IsDone: true } => long.MaxValue,
        { IsCancelOut: false } when core.Mcp.RunsIn(response) => long.MaxValue, // that one's deadline is (MCP-02)
        { IsCancelOut: true } => Math.Max(response.LastEventAt, response.CancelSentAt) + core.Settings.CancelTimeout,
        _ => Math.Max(response.LastEventAt, response.CancelRefusedAt) + core.Settings.StuckTimeout,
    };
}
