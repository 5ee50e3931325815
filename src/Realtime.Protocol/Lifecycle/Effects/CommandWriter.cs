using System.Buffers;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Turns a command of the machine into the bytes of its client event. It is the one place besides the sequencer that touches <c>response.create</c>, and only with a command
/// that the sequencer made, so it is marked as a sequencer's entry.
/// </summary>
public static class CommandWriter
{
    /// <summary>Writes one whole event.</summary>
    /// <exception cref="ArgumentException">What the application gave does not fit the protocol (text that is not Unicode); nothing was written.</exception>
    [SequencerEntry]
    public static void Write(IBufferWriter<byte> output, SessionCommand command)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(command);
        switch (command)
        {
            case SessionCommand.CreateResponse create:
                EventWriter.Write(output, new ResponseCreate { EventId = create.EventId, Response = Parameters(create) });
                break;
            case SessionCommand.CancelResponse cancel:
                EventWriter.Write(output, new ResponseCancel { EventId = cancel.EventId, ResponseId = OrAbsent(cancel.ResponseId) });
                break;
            case SessionCommand.TruncateItem truncate:
                EventWriter.Write(output, new ConversationItemTruncate { EventId = truncate.EventId, ItemId = truncate.ItemId, ContentIndex = truncate.ContentIndex, AudioEndMs = truncate.AudioEndMilliseconds });
                break;
            case SessionCommand.DeleteItem delete:
                EventWriter.Write(output, new ConversationItemDelete { EventId = delete.EventId, ItemId = delete.ItemId });
                break;
            case SessionCommand.CreateMessage message:
                EventWriter.Write(output, new ConversationItemCreate { EventId = message.EventId, Item = Message(message) });
                break;
            case SessionCommand.CreateItem create:
                EventWriter.Write(output, new ConversationItemCreate { EventId = create.EventId, PreviousItemId = OrAbsent(create.PreviousItemId), Item = create.Item });
                break;
            case SessionCommand.RetrieveItem retrieve:
                EventWriter.Write(output, new ConversationItemRetrieve { EventId = retrieve.EventId, ItemId = retrieve.ItemId });
                break;
            case SessionCommand.CreateToolOutput tool:
                EventWriter.Write(output, new ConversationItemCreate
                {
                    EventId = tool.EventId,
                    Item = new FunctionCallOutputItem { Id = tool.ItemId, CallId = tool.CallId, Output = tool.Output },
                });
                break;
            case SessionCommand.AnswerApproval answer:
                EventWriter.Write(output, new ConversationItemCreate
                {
                    EventId = answer.EventId,
                    Item = new McpApprovalResponseItem { Id = answer.ItemId, ApprovalRequestId = answer.ApprovalRequestId, Approve = answer.IsApproved, Reason = OrAbsent(answer.Reason) },
                });
                break;
            case SessionCommand.CommitInput commit:
                EventWriter.Write(output, new InputAudioBufferCommit { EventId = commit.EventId });
                break;
            case SessionCommand.ClearInput clear:
                EventWriter.Write(output, new InputAudioBufferClear { EventId = clear.EventId });
                break;
            case SessionCommand.ClearOutput clear:
                EventWriter.Write(output, new OutputAudioBufferClear { EventId = clear.EventId });
                break;
            case SessionCommand.UpdateSession update:
                EventWriter.Write(output, new SessionUpdate { EventId = update.EventId, Session = update.Configuration });
                break;
        }
    }

    /// <summary>The same parameters with other metadata. The members' values are shared, and nothing is changed.</summary>
    internal static ResponseParameters With(ResponseParameters parameters, StringMap metadata) => With(parameters, metadata, parameters.Input);

    /// <summary>The same parameters with other metadata and another input.</summary>
    internal static ResponseParameters With(ResponseParameters parameters, StringMap metadata, FieldList<Item> input) => new()
    {
        Conversation = parameters.Conversation,
        OutputModalities = parameters.OutputModalities,
        Instructions = parameters.Instructions,
        Input = input,
        Tools = parameters.Tools,
        ToolChoice = parameters.ToolChoice,
        ParallelToolCalls = parameters.ParallelToolCalls,
        Reasoning = parameters.Reasoning,
        MaxOutputTokens = parameters.MaxOutputTokens,
        Audio = parameters.Audio,
        Prompt = parameters.Prompt,
        Metadata = metadata,
        UnknownMembers = parameters.UnknownMembers,
    };

    /// <summary>Left out when there is nothing to state: the server refuses a null (RC-18).</summary>
    [LifecycleRule("RC-18")]
    private static ResponseParameters? Parameters(SessionCommand.CreateResponse create)
    {
        if (create.Token is not { } token)
        {
            return create.Parameters;
        }

        ResponseParameters parameters = create.Parameters ?? new();
        return With(parameters, [.. parameters.Metadata.Pairs, new(ResponseToken.MetadataKey, token)]);
    }

    /// <summary>Assistant audio cannot be put into a conversation, so restored history is text; a status would have no effect, so none is sent.</summary>
    [LifecycleRule("IT-11")]
    [LifecycleRule("IT-12")]
    private static MessageItem Message(SessionCommand.CreateMessage message) => new()
    {
        Id = message.ItemId,
        Role = message.Role switch
        {
            ItemRole.Assistant => MessageItemRole.Assistant,
            ItemRole.System => MessageItemRole.System,
            _ => MessageItemRole.User,
        },
        Content = [new ContentPart { Type = message.Role is ItemRole.Assistant ? ContentPartType.OutputText : ContentPartType.InputText, Text = message.Text }],
    };

    private static Text OrAbsent(string? text) => text is null ? default : new Text(text);
}
