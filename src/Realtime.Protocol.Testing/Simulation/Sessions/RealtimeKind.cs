using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Input;
using Realtime.Protocol.Testing.Simulation.Mcp;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Simulation.Sessions;

/// <summary>A conversation with a model: the user's turns become messages, and responses answer them.</summary>
internal sealed class RealtimeKind : HearingKind
{
    private readonly ResponseDesk _responses;
    private readonly McpListing _mcp;

    private RealtimeKind(SessionContext session, Listening listening, ResponseDesk responses, McpListing mcp)
        : base(session, listening) => (_responses, _mcp) = (responses, mcp);

    public static RealtimeKind Of(SessionContext session)
    {
        // What is due at the same time comes in the order in which these are made.
        var mcp = new McpListing(session);
        var transcribing = new Transcribing(session);
        var responses = new ResponseDesk(session, mcp, new McpCalls(session));
        var listening = new Listening(session, responses, transcribing);
        _ = new IdleWatch(session, listening, responses);
        return new(session, listening, responses, mcp);
    }

    public override void Begin()
    {
        base.Begin();
        if (Session.Service.ConversationCreated)
        {
            Session.Speaker.ConversationCreated(Session.ConversationId);
        }
    }

    protected override void AnswerOwn(in ClientEvent message)
    {
        if (message.TryGetConversationItemCreate(out ConversationItemCreateView create))
        {
            Items.Create(create);
        }
        else if (message.TryGetConversationItemTruncate(out ConversationItemTruncateView truncate))
        {
            Items.Truncate(truncate);
        }
        else if (message.TryGetResponseCreate(out ResponseCreateView response))
        {
            _responses.Create(response);
        }
        else if (message.TryGetResponseCancel(out ResponseCancelView cancel))
        {
            _responses.Cancel(cancel);
        }
    }

    protected override bool TryUpdate(ReadOnlySpan<byte> session, out Refusal refusal) => Session.Settings.TryUpdate(session, _responses.HasSpoken, _responses.IsAnswering && Session.Service.SpeedDuringResponse == Verdict.Refuse, out refusal);

    protected override void Updated() => _mcp.ToolsChanged();
}
