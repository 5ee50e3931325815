using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Simulation.Responses;

/// <summary>One response from its request to its end: what it was asked under, what it is going to say, and how far it has come.</summary>
internal sealed class ResponseRun(string id, string conversationId, ResponseSettings settings, IReadOnlyList<SimulatedItem>? input, long createdAt, ResponseCause cause, string? eventId = null)
{
    private readonly Dictionary<int, EventWatch.Wait> _waits = [];
    private int _next;
    private long _shift;

    public string Id => id;

    public ResponseSettings Settings => settings;

    /// <summary>What the model reads instead of the conversation; null for the conversation.</summary>
    public IReadOnlyList<SimulatedItem>? Input => input;

    /// <summary>When <c>response.created</c> is due.</summary>
    public long CreatedAt => createdAt;

    /// <summary>Who asked for it.</summary>
    public ResponseCause Cause => cause;

    /// <summary>The client's event that asked for it; null when it has no id, or when the server began by itself.</summary>
    public string? EventId => eventId;

    /// <summary>The events that its steps wait for.</summary>
    public IEnumerable<EventWatch.Wait> Waits => _waits.Values;

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

    /// <summary>When something is due; null while it waits for an event.</summary>
    public long? Due => !IsCreated ? CreatedAt
        : Steps[_next].Kind == ResponseStepKind.Await ? Reached(_waits[_next].ReachedAt, Steps[_next].At + _shift)
        : Math.Max(Steps[_next].At + _shift, Calling ?? 0);

    /// <summary>True when the next step is a delta of an open item.</summary>
    public bool IsInTheMiddle => IsCreated && Steps[_next].IsDelta;

    private IReadOnlyList<ResponseStep> Steps { get; set; } = [];

    /// <summary>Fixes the answer and its times.</summary>
    /// <param name="watch">Where its steps wait for events, from now on.</param>
    public void Begin(IReadOnlyList<SimulatedItem> read, ModelAnswer answer, ResponsePlan plan, EventWatch watch)
    {
        Read = read;
        Answer = answer;
        Steps = plan.Steps;
        HitTheLimit = plan.HitTheLimit;
        Play(1);
        for (int i = 0; i < Steps.Count; i++)
        {
            if (Steps[i].Kind == ResponseStepKind.Await)
            {
                _waits.Add(i, watch.For(answer.Outputs[Steps[i].Output].Pace!.After!));
            }
        }
    }

    /// <summary>It begins to say what the session keeps of the user's sound, or has ended.</summary>
    public void Play(int more)
    {
        foreach (KeptSound kept in (Answer?.Outputs ?? []).SelectMany(static output => output is ModelOutput.Message message ? message.Parts : [output]).OfType<ModelOutput.Speech>().SelectMany(static speech => speech.Sound?.Kept ?? []))
        {
            kept.Play(more);
        }
    }

    /// <summary>The next step. The last one ends the response, so there always is one. What waited for an event makes everything behind it as late as it was.</summary>
    public ResponseStep Advance()
    {
        ResponseStep step = Steps[_next];
        if (step.Kind == ResponseStepKind.Await)
        {
            _shift = Due!.Value - step.At;
        }

        _next++;
        return step;
    }

    private static long? Reached(long? at, long earliest) => at is null ? null : Math.Max(at.Value, earliest);

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
