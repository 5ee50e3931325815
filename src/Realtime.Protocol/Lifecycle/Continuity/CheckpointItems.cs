using System.Collections.Immutable;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Lifecycle;

/// <summary>Reads the items of a checkpoint: one object for each, whose <c>type</c> says which of the members have to be there, and whose parts are one of text, sound and picture.</summary>
internal static class CheckpointItems
{
    public static ImmutableArray<CheckpointEntry> Read(ref CheckpointCursor json)
    {
        ImmutableArray<CheckpointEntry>.Builder entries = ImmutableArray.CreateBuilder<CheckpointEntry>();
        bool more = json.BeginArray();
        while (more)
        {
            entries.Add(Entry(ref json));
            more = json.NextElement();
        }

        return entries.DrainToImmutable();
    }

    private static CheckpointEntry Entry(ref CheckpointCursor json)
    {
        EntryMembers read = default;
        bool more = json.BeginObject();
        while (more)
        {
            ReadMember(ref json, ref read, json.Name());
            more = json.NextMember();
        }

        ConversationItem item = Item(ref json, ref read);
        ItemHearing hearing = read.Heard.Occurs ? json.Word(CheckpointWords.Hearings, read.Heard, "heard") : ItemHearing.Whole;
        CallProgress progress = item is ConversationItem.FunctionCall ? json.Word(CheckpointWords.Progresses, read.Progress, "progress") : CallProgress.None;
        return new CheckpointEntry(item with { Id = json.Required(read.Id, "id"), State = json.Word(CheckpointWords.States, read.State, "state") }, hearing, progress);
    }

    private static void ReadMember(ref CheckpointCursor json, scoped ref EntryMembers read, Slot name)
    {
        if (json.Is(name, "parts"u8))
        {
            if (read.Parts is not null)
            {
                throw json.Twice(name);
            }

            read.Parts = Parts(ref json);
        }
        else if (json.Is(name, "error"u8))
        {
            if (read.Error is not null)
            {
                throw json.Twice(name);
            }

            read.Error = Error(ref json);
        }
        else if (json.Is(name, "cut_ms"u8))
        {
            json.ReadInteger(ref read.Cut);
        }
        else if (json.Is(name, "approved"u8))
        {
            json.ReadBoolean(ref read.Approved);
        }
        else
        {
            json.ReadText(ref SlotOf(ref json, ref read, name));
        }
    }

    private static ref Slot SlotOf(ref CheckpointCursor json, ref EntryMembers read, Slot name)
    {
        if (json.Is(name, "id"u8))
        {
            return ref read.Id;
        }

        if (json.Is(name, "type"u8))
        {
            return ref read.Type;
        }

        if (json.Is(name, "state"u8))
        {
            return ref read.State;
        }

        if (json.Is(name, "heard"u8))
        {
            return ref read.Heard;
        }

        if (json.Is(name, "role"u8))
        {
            return ref read.Role;
        }

        if (json.Is(name, "call_id"u8))
        {
            return ref read.CallId;
        }

        if (json.Is(name, "name"u8))
        {
            return ref read.Name;
        }

        if (json.Is(name, "arguments"u8))
        {
            return ref read.Arguments;
        }

        if (json.Is(name, "progress"u8))
        {
            return ref read.Progress;
        }

        if (json.Is(name, "output"u8))
        {
            return ref read.Output;
        }

        if (json.Is(name, "server"u8))
        {
            return ref read.Server;
        }

        throw json.Unknown(name);
    }

    private static ConversationItem Item(ref CheckpointCursor json, scoped ref EntryMembers read)
    {
        TextView type = json.Text(read.Type);
        if (type.ValueEquals("message"u8))
        {
            return new ConversationItem.Message(json.Word(CheckpointWords.Roles, read.Role, "role"), read.Parts ?? throw json.Missing("parts"))
            {
                TruncatedAt = read.Cut.Occurs ? json.Time(read.Cut, "cut_ms") : null,
            };
        }

        if (type.ValueEquals("call"u8))
        {
            return new ConversationItem.FunctionCall(json.Required(read.CallId, "call_id"), json.Required(read.Name, "name"), json.Required(read.Arguments, "arguments"));
        }

        if (type.ValueEquals("output"u8))
        {
            return new ConversationItem.FunctionOutput(json.Required(read.CallId, "call_id"), json.Required(read.Output, "output"));
        }

        if (type.ValueEquals("mcp_call"u8))
        {
            return new ConversationItem.McpCall(json.Required(read.Server, "server"), json.Required(read.Name, "name"), json.Required(read.Arguments, "arguments"), json.OrNull(read.Output), read.Error);
        }

        if (type.ValueEquals("mcp_approval"u8))
        {
            bool? approved = read.Approved.Occurs ? json.IsTrue(read.Approved) : null;
            return new ConversationItem.McpApproval(json.Required(read.Server, "server"), json.Required(read.Name, "name"), json.Required(read.Arguments, "arguments"), approved);
        }

        if (type.ValueEquals("other"u8))
        {
            return new ConversationItem.Other(json.Required(read.Name, "name"), default);
        }

        throw read.Type.Occurs ? json.Fault(CheckpointFault.Damaged, read.Type.Start, "no item is of this type") : json.Missing("type");
    }

    private static List<ItemContent> Parts(ref CheckpointCursor json)
    {
        var parts = new List<ItemContent>();
        bool more = json.BeginArray();
        while (more)
        {
            parts.Add(Part(ref json));
            more = json.NextElement();
        }

        return parts;
    }

    private static ItemContent Part(ref CheckpointCursor json)
    {
        Slot text = default, said = default, picture = default, detail = default;
        bool more = json.BeginObject();
        while (more)
        {
            Slot name = json.Name();
            if (json.Is(name, "text"u8))
            {
                json.ReadText(ref text);
            }
            else if (json.Is(name, "said"u8))
            {
                json.ReadText(ref said, nullable: true);
            }
            else if (json.Is(name, "picture"u8))
            {
                json.ReadText(ref picture);
            }
            else if (json.Is(name, "detail"u8))
            {
                json.ReadText(ref detail);
            }
            else
            {
                throw json.Unknown(name);
            }

            more = json.NextMember();
        }

        return (text.Occurs, said.Occurs, picture.Occurs) switch
        {
            (true, false, false) => new ItemContent.Text(json.Text(text).ToString()),
            (false, true, false) => new ItemContent.Audio(default, said.HasValue ? json.Text(said).ToString() : null),
            (false, false, true) => new ItemContent.Image(json.Text(picture).ToString()) { Detail = json.OrNull(detail) },
            _ => throw json.Fault(CheckpointFault.Damaged, json.Position, "a part is one of text, said and picture"),
        };
    }

    private static ServerError Error(ref CheckpointCursor json)
    {
        Slot type = default, code = default;
        bool more = json.BeginObject();
        while (more)
        {
            Slot name = json.Name();
            if (json.Is(name, "type"u8))
            {
                json.ReadText(ref type);
            }
            else if (json.Is(name, "code"u8))
            {
                json.ReadText(ref code);
            }
            else
            {
                throw json.Unknown(name);
            }

            more = json.NextMember();
        }

        return new ServerError(json.OrNull(code), json.Required(type, "type"), null, null, null);
    }

    private struct EntryMembers
    {
        public Slot Id;
        public Slot Type;
        public Slot State;
        public Slot Heard;
        public Slot Role;
        public Slot CallId;
        public Slot Name;
        public Slot Arguments;
        public Slot Progress;
        public Slot Output;
        public Slot Server;
        public Slot Cut;
        public Slot Approved;
        public List<ItemContent>? Parts;
        public ServerError? Error;
    }
}
