using System.Collections.Immutable;
using Realtime.Protocol.Views;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Reads a checkpoint, strictly: an unknown member, a missing one, one that comes twice and a word that is none are refused, because a session that goes on from half of what was said would be worse than
/// one that begins anew. What is refused is told by place and reason, never by content.
/// </summary>
internal ref struct CheckpointReader
{
    private JsonCursor _json;

    private CheckpointReader(ReadOnlySpan<byte> json) => _json = new JsonCursor(json);

    public static SessionCheckpoint Read(ReadOnlySpan<byte> json)
    {
        ThrowUnlessOurs(json);
        var reader = new CheckpointReader(json);
        SessionCheckpoint checkpoint = reader.Document();
        reader.Check(reader._json.End());
        return checkpoint;
    }

    /// <summary>Whose the bytes are and which version wrote them comes first: everything else means something only then.</summary>
    private static void ThrowUnlessOurs(ReadOnlySpan<byte> json)
    {
        var reader = new CheckpointReader(json);
        if (reader._json.Peek() != (byte)'{')
        {
            throw reader.Fault(CheckpointFault.Foreign, reader._json.Position, "it is no JSON object");
        }

        reader.Check(reader._json.BeginObject(out bool more));
        while (more)
        {
            reader.Check(reader._json.ReadName(out Slot name));
            if (!JsonEscapes.ValueEquals(json, name, "realtime_checkpoint"u8))
            {
                reader.Check(reader._json.Skip());
                reader.Check(reader._json.NextMember(out more));
                continue;
            }

            int at = reader._json.Position;
            Slot version = default;
            reader.Check(reader._json.ReadInteger(ref version, nullable: false));
            switch (FieldReader.OptionalInteger(json, version).Value)
            {
                case CheckpointWords.Version:
                    return;
                case > CheckpointWords.Version:
                    throw reader.Fault(CheckpointFault.Newer, at, $"it is of a newer version than {CheckpointWords.Version}, which is the newest that this library reads");
                default:
                    throw reader.Fault(CheckpointFault.Damaged, at, "there was never a version with this number");
            }
        }

        throw reader.Fault(CheckpointFault.Foreign, 0, "it does not say that it is a checkpoint");
    }

    private SessionCheckpoint Document()
    {
        Slot version = default, kind = default, session = default, lastTurn = default, configuration = default;
        bool hasUsage = false, hasItems = false, hasQuestions = false, hasSecrets = false;
        SessionUsage? usage = null;
        ImmutableArray<CheckpointEntry> items = [];
        ImmutableArray<OpenQuestion> questions = [];
        ImmutableArray<string> secrets = [];
        Check(_json.BeginObject(out bool more));
        while (more)
        {
            Slot name = Name();
            if (Is(name, "realtime_checkpoint"u8))
            {
                Check(_json.ReadInteger(ref version, nullable: false));
            }
            else if (Is(name, "kind"u8))
            {
                Check(_json.ReadText(ref kind, nullable: false));
            }
            else if (Is(name, "session"u8))
            {
                Check(_json.ReadText(ref session, nullable: false));
            }
            else if (Is(name, "last_turn"u8))
            {
                Check(_json.ReadInteger(ref lastTurn, nullable: false));
            }
            else if (Is(name, "configuration"u8))
            {
                Check(_json.Read<SessionView>(ref configuration, nullable: false));
            }
            else if (Is(name, "left_out"u8))
            {
                Once(ref hasSecrets, name);
                secrets = Texts();
            }
            else if (Is(name, "usage"u8))
            {
                Once(ref hasUsage, name);
                usage = Usage();
            }
            else if (Is(name, "items"u8))
            {
                Once(ref hasItems, name);
                items = Entries();
            }
            else if (Is(name, "questions"u8))
            {
                Once(ref hasQuestions, name);
                questions = Questions();
            }
            else
            {
                throw Unknown(name);
            }

            Check(_json.NextMember(out more));
        }

        return new SessionCheckpoint
        {
            Purpose = Word(CheckpointWords.Kinds, kind, "kind"),
            SessionId = OrNull(session),
            LastTurn = Count(lastTurn, "last_turn"),
            Configuration = Raw(configuration),
            Secrets = secrets,
            Usage = usage ?? throw Missing("usage"),
            Entries = hasItems ? items : throw Missing("items"),
            Open = hasQuestions ? questions : throw Missing("questions"),
        };
    }

    private SessionUsage Usage()
    {
        Slot transcribed = default, responsesWithout = default, transcriptsWithout = default;
        TokenUsage? responses = null, transcription = null;
        Check(_json.BeginObject(out bool more));
        while (more)
        {
            Slot name = Name();
            if (Is(name, "responses"u8))
            {
                responses = responses is null ? Tokens() : throw Twice(name);
            }
            else if (Is(name, "transcription"u8))
            {
                transcription = transcription is null ? Tokens() : throw Twice(name);
            }
            else if (Is(name, "transcribed_ms"u8))
            {
                Check(_json.ReadInteger(ref transcribed, nullable: false));
            }
            else if (Is(name, "responses_without"u8))
            {
                Check(_json.ReadInteger(ref responsesWithout, nullable: false));
            }
            else if (Is(name, "transcripts_without"u8))
            {
                Check(_json.ReadInteger(ref transcriptsWithout, nullable: false));
            }
            else
            {
                throw Unknown(name);
            }

            Check(_json.NextMember(out more));
        }

        return new SessionUsage(
            responses ?? throw Missing("responses"), transcription ?? throw Missing("transcription"), Time(transcribed, "transcribed_ms"), Count(responsesWithout, "responses_without"))
        {
            TranscriptsWithoutUsage = Count(transcriptsWithout, "transcripts_without"),
        };
    }

    private TokenUsage Tokens()
    {
        ModalityTokens? input = null, cached = null, output = null;
        Slot reasoning = default;
        Check(_json.BeginObject(out bool more));
        while (more)
        {
            Slot name = Name();
            if (Is(name, "input"u8))
            {
                input = input is null ? Modalities() : throw Twice(name);
            }
            else if (Is(name, "cached"u8))
            {
                cached = cached is null ? Modalities() : throw Twice(name);
            }
            else if (Is(name, "output"u8))
            {
                output = output is null ? Modalities() : throw Twice(name);
            }
            else if (Is(name, "reasoning"u8))
            {
                Check(_json.ReadInteger(ref reasoning, nullable: false));
            }
            else
            {
                throw Unknown(name);
            }

            Check(_json.NextMember(out more));
        }

        return new TokenUsage(input ?? throw Missing("input"), cached ?? throw Missing("cached"), output ?? throw Missing("output"), Number(reasoning, "reasoning"));
    }

    private ModalityTokens Modalities()
    {
        Slot text = default, audio = default, image = default;
        Check(_json.BeginObject(out bool more));
        while (more)
        {
            Slot name = Name();
            if (Is(name, "text"u8))
            {
                Check(_json.ReadInteger(ref text, nullable: false));
            }
            else if (Is(name, "audio"u8))
            {
                Check(_json.ReadInteger(ref audio, nullable: false));
            }
            else if (Is(name, "image"u8))
            {
                Check(_json.ReadInteger(ref image, nullable: false));
            }
            else
            {
                throw Unknown(name);
            }

            Check(_json.NextMember(out more));
        }

        return new ModalityTokens(Number(text, "text"), Number(audio, "audio"), Number(image, "image"));
    }

    private ImmutableArray<CheckpointEntry> Entries()
    {
        ImmutableArray<CheckpointEntry>.Builder entries = ImmutableArray.CreateBuilder<CheckpointEntry>();
        Check(_json.BeginArray(out bool more));
        while (more)
        {
            entries.Add(Entry());
            Check(_json.NextElement(out more));
        }

        return entries.DrainToImmutable();
    }

    private CheckpointEntry Entry()
    {
        EntryMembers read = default;
        Check(_json.BeginObject(out bool more));
        while (more)
        {
            ReadMember(ref read, Name());
            Check(_json.NextMember(out more));
        }

        ConversationItem item = Item(ref read);
        ItemHearing hearing = read.Heard.Occurs ? Word(CheckpointWords.Hearings, read.Heard, "heard") : ItemHearing.Whole;
        CallProgress progress = item is ConversationItem.FunctionCall ? Word(CheckpointWords.Progresses, read.Progress, "progress") : CallProgress.None;
        return new CheckpointEntry(item with { Id = Required(read.Id, "id"), State = Word(CheckpointWords.States, read.State, "state") }, hearing, progress);
    }

    private void ReadMember(scoped ref EntryMembers read, Slot name)
    {
        if (Is(name, "parts"u8))
        {
            if (read.Parts is not null)
            {
                throw Twice(name);
            }

            read.Parts = Parts();
        }
        else if (Is(name, "error"u8))
        {
            if (read.Error is not null)
            {
                throw Twice(name);
            }

            read.Error = Error();
        }
        else if (Is(name, "cut_ms"u8))
        {
            Check(_json.ReadInteger(ref read.Cut, nullable: false));
        }
        else if (Is(name, "approved"u8))
        {
            Check(_json.ReadBoolean(ref read.Approved, nullable: false));
        }
        else
        {
            Check(_json.ReadText(ref SlotOf(ref read, name), nullable: false));
        }
    }

    private readonly ref Slot SlotOf(ref EntryMembers read, Slot name)
    {
        if (Is(name, "id"u8))
        {
            return ref read.Id;
        }

        if (Is(name, "type"u8))
        {
            return ref read.Type;
        }

        if (Is(name, "state"u8))
        {
            return ref read.State;
        }

        if (Is(name, "heard"u8))
        {
            return ref read.Heard;
        }

        if (Is(name, "role"u8))
        {
            return ref read.Role;
        }

        if (Is(name, "call_id"u8))
        {
            return ref read.CallId;
        }

        if (Is(name, "name"u8))
        {
            return ref read.Name;
        }

        if (Is(name, "arguments"u8))
        {
            return ref read.Arguments;
        }

        if (Is(name, "progress"u8))
        {
            return ref read.Progress;
        }

        if (Is(name, "output"u8))
        {
            return ref read.Output;
        }

        if (Is(name, "server"u8))
        {
            return ref read.Server;
        }

        throw Unknown(name);
    }

    private readonly ConversationItem Item(scoped ref EntryMembers read)
    {
        TextView type = Text(read.Type);
        if (type.ValueEquals("message"u8))
        {
            return new ConversationItem.Message(Word(CheckpointWords.Roles, read.Role, "role"), read.Parts ?? throw Missing("parts"))
            {
                TruncatedAt = read.Cut.Occurs ? Time(read.Cut, "cut_ms") : null,
            };
        }

        if (type.ValueEquals("call"u8))
        {
            return new ConversationItem.FunctionCall(Required(read.CallId, "call_id"), Required(read.Name, "name"), Required(read.Arguments, "arguments"));
        }

        if (type.ValueEquals("output"u8))
        {
            return new ConversationItem.FunctionOutput(Required(read.CallId, "call_id"), Required(read.Output, "output"));
        }

        if (type.ValueEquals("mcp_call"u8))
        {
            return new ConversationItem.McpCall(Required(read.Server, "server"), Required(read.Name, "name"), Required(read.Arguments, "arguments"), OrNull(read.Output), read.Error);
        }

        if (type.ValueEquals("mcp_approval"u8))
        {
            bool? approved = read.Approved.Occurs ? read.Approved.In(_json.Json).SequenceEqual("true"u8) : null;
            return new ConversationItem.McpApproval(Required(read.Server, "server"), Required(read.Name, "name"), Required(read.Arguments, "arguments"), approved);
        }

        if (type.ValueEquals("other"u8))
        {
            return new ConversationItem.Other(Required(read.Name, "name"), default);
        }

        throw read.Type.Occurs ? Fault(CheckpointFault.Damaged, read.Type.Start, "no item is of this type") : Missing("type");
    }

    private List<ItemContent> Parts()
    {
        var parts = new List<ItemContent>();
        Check(_json.BeginArray(out bool more));
        while (more)
        {
            parts.Add(Part());
            Check(_json.NextElement(out more));
        }

        return parts;
    }

    private ItemContent Part()
    {
        Slot text = default, said = default, picture = default, detail = default;
        Check(_json.BeginObject(out bool more));
        while (more)
        {
            Slot name = Name();
            if (Is(name, "text"u8))
            {
                Check(_json.ReadText(ref text, nullable: false));
            }
            else if (Is(name, "said"u8))
            {
                Check(_json.ReadText(ref said, nullable: true));
            }
            else if (Is(name, "picture"u8))
            {
                Check(_json.ReadText(ref picture, nullable: false));
            }
            else if (Is(name, "detail"u8))
            {
                Check(_json.ReadText(ref detail, nullable: false));
            }
            else
            {
                throw Unknown(name);
            }

            Check(_json.NextMember(out more));
        }

        return (text.Occurs, said.Occurs, picture.Occurs) switch
        {
            (true, false, false) => new ItemContent.Text(Text(text).ToString()),
            (false, true, false) => new ItemContent.Audio(default, said.HasValue ? Text(said).ToString() : null),
            (false, false, true) => new ItemContent.Image(Text(picture).ToString()) { Detail = OrNull(detail) },
            _ => throw Fault(CheckpointFault.Damaged, _json.Position, "a part is one of text, said and picture"),
        };
    }

    private ServerError Error()
    {
        Slot type = default, code = default;
        Check(_json.BeginObject(out bool more));
        while (more)
        {
            Slot name = Name();
            if (Is(name, "type"u8))
            {
                Check(_json.ReadText(ref type, nullable: false));
            }
            else if (Is(name, "code"u8))
            {
                Check(_json.ReadText(ref code, nullable: false));
            }
            else
            {
                throw Unknown(name);
            }

            Check(_json.NextMember(out more));
        }

        return new ServerError(OrNull(code), Required(type, "type"), null, null, null);
    }

    private ImmutableArray<OpenQuestion> Questions()
    {
        ImmutableArray<OpenQuestion>.Builder questions = ImmutableArray.CreateBuilder<OpenQuestion>();
        Check(_json.BeginArray(out bool more));
        while (more)
        {
            questions.Add(Question());
            Check(_json.NextElement(out more));
        }

        return questions.DrainToImmutable();
    }

    private OpenQuestion Question()
    {
        Slot turn = default, sent = default, request = default;
        Check(_json.BeginObject(out bool more));
        while (more)
        {
            Slot name = Name();
            if (Is(name, "turn"u8))
            {
                Check(_json.ReadInteger(ref turn, nullable: false));
            }
            else if (Is(name, "sent"u8))
            {
                Check(_json.ReadBoolean(ref sent, nullable: false));
            }
            else if (Is(name, "request"u8))
            {
                Check(_json.Read<ResponseParametersView>(ref request, nullable: false));
            }
            else
            {
                throw Unknown(name);
            }

            Check(_json.NextMember(out more));
        }

        return new OpenQuestion(Count(turn, "turn"), sent.Occurs ? sent.In(_json.Json).SequenceEqual("true"u8) : throw Missing("sent"), Raw(request));
    }

    private ImmutableArray<string> Texts()
    {
        ImmutableArray<string>.Builder texts = ImmutableArray.CreateBuilder<string>();
        Check(_json.BeginArray(out bool more));
        while (more)
        {
            Slot text = default;
            Check(_json.ReadText(ref text, nullable: false));
            texts.Add(Text(text).ToString());
            Check(_json.NextElement(out more));
        }

        return texts.DrainToImmutable();
    }

    private Slot Name()
    {
        Check(_json.ReadName(out Slot name));
        return name;
    }

    private readonly bool Is(Slot name, ReadOnlySpan<byte> member) => JsonEscapes.ValueEquals(_json.Json, name, member);

    private readonly TextView Text(Slot slot) => new(_json.Json, slot);

    private readonly string? OrNull(Slot slot) => slot.HasValue ? Text(slot).ToString() : null;

    private readonly string Required(Slot slot, string member) => OrNull(slot) ?? throw Missing(member);

    private readonly RawJson Raw(Slot slot) => slot.Occurs ? RawJson.FromUtf8(slot.In(_json.Json).ToArray()) : default;

    private readonly T Word<T>((T Value, string Word)[] words, Slot slot, string member)
        where T : struct, Enum
    {
        if (!slot.HasValue)
        {
            throw Missing(member);
        }

        return CheckpointWords.TryFind(words, Text(slot), out T value) ? value : throw Fault(CheckpointFault.Damaged, slot.Start, "this word is none that can stand here");
    }

    private readonly long Number(Slot slot, string member)
    {
        if (!slot.Occurs)
        {
            throw Missing(member);
        }

        long value = FieldReader.OptionalInteger(_json.Json, slot).Value;
        return value >= 0 ? value : throw Fault(CheckpointFault.Damaged, slot.Start, "this number is negative");
    }

    private readonly int Count(Slot slot, string member) =>
        Number(slot, member) is var value && value <= int.MaxValue ? (int)value : throw Fault(CheckpointFault.Damaged, slot.Start, "this number is too large");

    // A time that a TimeSpan can say; 24 days are more than any sound lasts, and no session is transcribed for a lifetime.
    private readonly TimeSpan Time(Slot slot, string member) =>
        Number(slot, member) is var value && value <= TimeSpan.MaxValue.TotalMilliseconds / 2 ? TimeSpan.FromMilliseconds(value) : throw Fault(CheckpointFault.Damaged, slot.Start, "this time is too long");

    private readonly void Once(ref bool isThere, Slot name)
    {
        if (isThere)
        {
            throw Twice(name);
        }

        isThere = true;
    }

    private readonly SessionCheckpointException Twice(Slot name) => Fault(CheckpointFault.Damaged, name.Start, "this member is there twice");

    private readonly SessionCheckpointException Unknown(Slot name) => Fault(CheckpointFault.Damaged, name.Start, "a checkpoint of this version has no such member");

    private readonly SessionCheckpointException Missing(string member) => Fault(CheckpointFault.Damaged, _json.Position, $"the member '{member}' is missing");

    private readonly void Check(bool isRead)
    {
        if (!isRead)
        {
            ReadError error = _json.ErrorNaming<CheckpointWords>();
            throw Fault(CheckpointFault.Damaged, error.Path, error.Offset, error.Message);
        }
    }

    private readonly SessionCheckpointException Fault(CheckpointFault fault, int offset, string reason) =>
        Fault(fault, fault is CheckpointFault.Foreign ? "" : JsonPath.At<CheckpointWords>(_json.Json, offset, isEndOfObject: false), offset, reason);

    private static SessionCheckpointException Fault(CheckpointFault fault, string path, int offset, string reason) =>
        new(fault, path, offset, $"These bytes are no checkpoint that can be used: {reason}{(path.Length > 0 ? $", at {path}" : "")} (byte {offset}).");

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
