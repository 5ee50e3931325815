using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Simulation.Conversation;

/// <summary>
/// One entry of the conversation as the simulated server holds it: a message, a function call or a function's output, or one of MCP. A model reads it;
/// only the simulator changes it.
/// </summary>
public sealed class SimulatedItem
{
    internal SimulatedItem(string id, ItemKind kind)
    {
        Id = id;
        Kind = kind;
    }

    /// <summary>Unique in the conversation.</summary>
    public string Id { get; }

    /// <summary>A message, a function call or its output, or a listing, a call or an approval of MCP.</summary>
    public ItemKind Kind { get; }

    /// <summary>Who speaks; only of messages.</summary>
    public MessageItemRole Role { get; internal init; }

    /// <summary>Whether it is being made, is whole, or was cut off.</summary>
    public ItemStatus Status { get; internal set; } = ItemStatus.Completed;

    /// <summary>What a message consists of; empty for the other kinds.</summary>
    public IReadOnlyList<SimulatedPart> Parts => PartList;

    /// <summary>The name of the function or MCP tool; only of calls and requests for approval.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>What joins a call and its output.</summary>
    public string CallId { get; internal init; } = "";

    /// <summary>The arguments of a call, as JSON text.</summary>
    public string Arguments { get; internal set; } = "";

    /// <summary>What the function or the MCP tool returned.</summary>
    public string Output { get; internal set; } = "";

    /// <summary>Why an MCP call failed; null when it did not.</summary>
    public string? Error { get; internal set; }

    /// <summary>The label of the MCP server of a listing, a call or a request for approval.</summary>
    public string ServerLabel { get; internal init; } = "";

    /// <summary>The request that an MCP call was allowed by, or that an approval answers; empty when there is none.</summary>
    public string ApprovalRequestId { get; internal init; } = "";

    /// <summary>Whether the client allowed the call; only of answers to a request for approval.</summary>
    public bool Approved { get; internal init; }

    internal IReadOnlyList<SimulatedMcpTool> McpTools { get; init; } = [];

    /// <summary>What the model wanted with an MCP call or with the request for its approval.</summary>
    internal ModelOutput.McpCall? Wanted { get; init; }

    internal List<SimulatedPart> PartList { get; } = [];

    /// <summary>Only the kind and the id; what was said is private.</summary>
    public override string ToString() => $"{Kind} {Id}";

    /// <summary>The item as events show it: without <c>object</c>, which recorded sessions leave out, and with its sound only when the client retrieves it.</summary>
    internal Item ToWire(bool withSound = false) => Kind switch
    {
        ItemKind.FunctionCall => new FunctionCallItem { Id = Id, Status = Status, Name = Name, CallId = CallId, Arguments = Arguments },
        ItemKind.FunctionCallOutput => new FunctionCallOutputItem { Id = Id, CallId = CallId, Output = Output },
        ItemKind.McpListTools => new McpListToolsItem
        {
            Id = Id,
            ServerLabel = ServerLabel,
            Tools = McpTools.Select(static tool => new McpToolDescription { Name = tool.Name, Description = tool.Description ?? default(Text), InputSchema = RawJson.Parse(tool.InputSchema) }).ToArray(),
        },
        ItemKind.McpApprovalRequest => new McpApprovalRequestItem { Id = Id, ServerLabel = ServerLabel, Name = Name, Arguments = Arguments },
        ItemKind.McpApprovalResponse => new McpApprovalResponseItem { Id = Id, ApprovalRequestId = ApprovalRequestId, Approve = Approved },
        ItemKind.McpCall => new McpCallItem
        {
            Id = Id,
            ServerLabel = ServerLabel,
            Name = Name,
            Arguments = Arguments,
            ApprovalRequestId = ApprovalRequestId.Length > 0 ? ApprovalRequestId : Text.Null,
            Output = Output.Length > 0 ? Output : Text.Null,
            Error = Error is null ? Field<McpError>.Null : new McpToolExecutionError { Message = Error },
        },
        _ => new MessageItem { Id = Id, Status = Status, Role = Role, Content = PartList.Select(part => part.ToWire(withSound)).ToArray() },
    };
}

/// <summary>One part of a message: text, sound or a picture.</summary>
public sealed class SimulatedPart
{
    private ISoundSource? _sound;

    internal SimulatedPart(ContentPartType type) => Type = type;

    /// <summary>What kind of content it is.</summary>
    public ContentPartType Type { get; }

    /// <summary>The text of a text part.</summary>
    public string Text { get; internal set; } = "";

    /// <summary>The words of a sound, where they are known.</summary>
    public string? Transcript { get; internal set; }

    /// <summary>
    /// The sound, raw, encoded as <see cref="Format"/>. Of an answer that is being spoken: what was sent so far. Empty when the session keeps it no more
    /// (<see cref="SimulatorOptions.KeptAudioBytes"/>).
    /// </summary>
    public ReadOnlyMemory<byte> Audio => _sound is null || IsDropped ? default : _sound.Beginning(AudioLength);

    /// <summary>Where its bytes come from; null when it has no sound, or none that is kept.</summary>
    internal ISoundSource? Sound => IsDropped ? null : _sound;

    /// <summary>True when its sound is not kept any more; its length is known still.</summary>
    internal bool IsDropped => AudioLength > 0 && (_sound?.Kept.Any(static kept => kept.IsDropped) ?? false);

    /// <summary>What the user is understood to have said with this sound; null where nobody says so.</summary>
    internal string? Understood { get; set; }

    /// <summary>How many bytes <see cref="Audio"/> has, without making them.</summary>
    internal int AudioLength { get; private set; }

    /// <summary>How <see cref="Audio"/> is encoded.</summary>
    public SpeechFormat Format { get; internal init; }

    /// <summary>True once the client cut the sound off: what is made after that is not remembered.</summary>
    internal bool IsTruncated { get; set; }

    internal string ImageUrl { get; init; } = "";

    internal string? Detail { get; init; }

    internal long AudioMs => Format.Milliseconds(AudioLength);

    /// <summary>Its sound is the beginning of this one.</summary>
    internal void Sounds(ISoundSource sound, int length)
    {
        if (!ReferenceEquals(sound, _sound))
        {
            LetGo();
            _sound = sound;
            foreach (KeptSound kept in sound.Kept)
            {
                kept.Hold(1);
            }
        }

        AudioLength = length;
    }

    /// <summary>Forgets what is behind these bytes.</summary>
    internal void CutTo(int length) => AudioLength = length;

    /// <summary>Nobody will ask for its sound any more.</summary>
    internal void LetGo()
    {
        foreach (KeptSound kept in _sound?.Kept ?? [])
        {
            kept.Hold(-1);
        }

        _sound = null;
    }

    internal ContentPart ToWire(bool withSound) => Type switch
    {
        ContentPartType.InputAudio or ContentPartType.OutputAudio => new() { Type = Type, Transcript = Transcript is null ? Events.Text.Null : Transcript, Audio = withSound ? Audio : (ReadOnlyMemory<byte>?)null },
        ContentPartType.InputImage => new() { Type = Type, ImageUrl = ImageUrl, Detail = Detail is null ? default : (OpenEnum<ContentPartDetail>)Detail },
        _ => new() { Type = Type, Text = Text },
    };
}
