using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Simulation.Responses;

/// <summary>One response from its request to its end: what it was asked under, what it is going to say, and how far it has come.</summary>
internal sealed class ResponseRun(string id, string conversationId, ResponseSettings settings, IReadOnlyList<SimulatedItem>? input, long createdAt)
{
    private int _next;

    public string Id => id;

    public ResponseSettings Settings => settings;

    /// <summary>What the model reads instead of the conversation; null for the conversation.</summary>
    public IReadOnlyList<SimulatedItem>? Input => input;

    /// <summary>When <c>response.created</c> is due.</summary>
    public long CreatedAt => createdAt;

    /// <summary>What the model said; null until the response is created.</summary>
    public ModelAnswer? Answer { get; private set; }

    /// <summary>True once <c>response.created</c> was sent: only then there is something to cancel.</summary>
    public bool IsCreated => Answer is not null;

    /// <summary>True when the limit on tokens cut the answer short.</summary>
    public bool HitTheLimit { get; private set; }

    /// <summary>What the model read, for the count of tokens.</summary>
    public IReadOnlyList<SimulatedItem> Read { get; private set; } = [];

    /// <summary>The items made so far; the last may be open.</summary>
    public List<SimulatedItem> Output { get; } = [];

    /// <summary>The items that are being made, in the order in which they were begun.</summary>
    public List<OpenItem> Open { get; } = [];

    /// <summary>Set once its remote tools were called before its end, and when the last of them is done.</summary>
    public long? Calling { get; private set; }

    /// <summary>When something is due.</summary>
    public long Due => IsCreated ? Math.Max(Steps[_next].At, Calling ?? 0) : CreatedAt;

    /// <summary>True when the next step is a delta of an open item.</summary>
    public bool IsInTheMiddle => IsCreated && Steps[_next].IsDelta;

    private IReadOnlyList<ResponseStep> Steps { get; set; } = [];

    /// <summary>Fixes the answer and its times.</summary>
    public void Begin(IReadOnlyList<SimulatedItem> read, ModelAnswer answer, ResponsePlan plan)
    {
        Read = read;
        Answer = answer;
        Steps = plan.Steps;
        HitTheLimit = plan.HitTheLimit;
    }

    /// <summary>The next step. The last one ends the response, so there always is one.</summary>
    public ResponseStep Advance() => Steps[_next++];

    /// <summary>Puts the last step off until the remote tools have answered.</summary>
    public void WaitFor(long calls)
    {
        Calling = calls;
        _next--;
    }

    /// <summary>The response as <c>response.created</c> shows it.</summary>
    public Response ToWire(ServiceSwitches service) => ToWire(service, ResponseStatus.InProgress, null, null);

    /// <summary>The response as <c>response.done</c> shows it.</summary>
    public Response ToWire(ServiceSwitches service, ResponseStatus status, StatusDetails? details, Usage? usage) => new()
    {
        Object = ResponseObject.RealtimeResponse,
        Id = id,
        Status = status,
        StatusDetails = Shape(service.StatusDetails, details),
        Output = status == ResponseStatus.InProgress || (status == ResponseStatus.Failed && !service.FailedOutput) ? [] : Output.Select(static item => item.ToWire()).ToArray(),
        ConversationId = settings.OutOfBand ? Text.Null : conversationId,
        OutputModalities = [settings.Spoken ? Modality.Audio : Modality.Text],
        MaxOutputTokens = settings.MaxOutputTokens is { } limit ? new IntegerOrInfinity(limit) : IntegerOrInfinity.Infinity,
        Audio =
        {
            Output =
            {
                Format = new AudioFormat
                {
                    Type = settings.Format.WireType(),
                    Rate = settings.Format == SpeechFormat.Pcm16 ? 24_000 : null,
                },
                Voice = settings.IsCustomVoice ? new CustomVoice { Id = settings.Voice } : (Voice)settings.Voice,
            },
        },
        Usage = usage is null ? Field<Usage>.Null : usage,
        Metadata = service.EchoMetadata && settings.Metadata is { } metadata ? metadata : StringMap.Null,
    };

    private static Field<ResponseStatusDetails> Shape(StatusDetailsShape shape, StatusDetails? details) => shape switch
    {
        _ when details is null => Field<ResponseStatusDetails>.Null,
        StatusDetailsShape.Null => Field<ResponseStatusDetails>.Null,
        StatusDetailsShape.String => (ResponseStatusDetails)(details.Type.Known switch
        {
            StatusDetailsType.Cancelled => "cancelled",
            StatusDetailsType.Incomplete => "incomplete",
            _ => "failed",
        }),
        _ => details,
    };
}
