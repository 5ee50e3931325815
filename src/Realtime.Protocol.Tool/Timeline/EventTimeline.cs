using System.Globalization;
using Realtime.Protocol.CommandLine.Audio;
using Realtime.Protocol.CommandLine.Log;

namespace Realtime.Protocol.CommandLine.Timeline;

/// <summary>
/// Reads a conversation off its events, as anyone could who has only the log: who spoke when, how long the first audio took, what was called, cut and cancelled. Pure, and
/// not for several threads at once. An event that can't be read is an entry and a figure, never an exception.
/// </summary>
/// <param name="tell">Gets each entry as it arises.</param>
internal sealed class EventTimeline(Action<TimelineEntry> tell)
{
    // Longer than any message that a connection takes.
    private const int MostBytes = 256 * 1024 * 1024;

    // As the session reads, so that both say the same of a message.
    private readonly ServerEventReader _reader = new(MostBytes, ReadTolerance.Mend);
    private readonly Dictionary<string, TimeSpan> _responsesBegan = [];
    private readonly Dictionary<string, (string Name, TimeSpan At)> _callsBegan = [];
    private bool _speaks;

    // Where the server finds speech, its events tell when there is some; silence is sent, too.
    private bool _serverListens;
    private long _answerBeganBytes;

    // Responses that run, and requests that the server has not answered.
    private int _running;
    private int _asked;

    // What was added while a response ran wants an answer, and its request is held back until that has ended.
    private TimeSpan? _waitsSince;

    public TalkFigures Figures { get; } = new();

    /// <summary>Takes the next event of either side.</summary>
    public void Add(TimeSpan at, EventSender sender, ReadOnlySpan<byte> message)
    {
        if (sender == EventSender.Client)
        {
            // Events of ours are well-formed: our own writer made them.
            if (ClientEvent.TryRead(message, out ClientEvent sent, out _))
            {
                AddSent(at, in sent);
            }
        }
        else if (_reader.TryRead(message, [], out ServerEvent received, out ReadError error))
        {
            if (received.Oddities is { Count: > 0 } odd)
            {
                Tell(at, Speaker.Session, $"the server sent an odd {received.Kind}: {(odd.First.Path is { Length: > 0 } path ? path : "it")} is not what the protocol has there");
            }

            AddReceived(at, in received);
        }
        else
        {
            Figures.MalformedEvents.Add(error.ToString());
            Tell(at, Speaker.Session, string.Create(CultureInfo.InvariantCulture, $"the server sent a malformed event of {message.Length:N0} bytes: {error}"));
        }
    }

    private void AddSent(TimeSpan at, in ClientEvent sent)
    {
        switch (sent.Kind)
        {
            case ClientEventKind.InputAudioBufferAppend when sent.TryGetInputAudioBufferAppend(out InputAudioBufferAppendView append):
                if (!_speaks && !_serverListens)
                {
                    _speaks = true;
                    Tell(at, Speaker.You, "begin to speak");
                }

                Figures.SpokenBytes += append.Audio.DecodedLength;
                break;
            case ClientEventKind.InputAudioBufferCommit:
                _speaks = false;
                Figures.TurnEndedAt ??= at;
                Tell(at, Speaker.You, $"end the turn after {Amount(Figures.SpokenBytes)}");
                break;
            case ClientEventKind.ConversationItemCreate when sent.TryGetConversationItemCreate(out ConversationItemCreateView create):
                AddItem(at, create.Item);
                break;
            case ClientEventKind.ResponseCreate:
                Figures.ResponseRequests++;
                _asked++;
                Tell(at, Speaker.You, _waitsSince is { } since
                    ? string.Create(CultureInfo.InvariantCulture, $"ask for a response; the request had waited {(at - since).TotalMilliseconds:N0} ms")
                    : "ask for a response");
                _waitsSince = null;
                break;
            case ClientEventKind.ResponseCancel:
                Figures.Cancellations++;
                Tell(at, Speaker.You, "interrupt: the response is cancelled");
                break;
            case ClientEventKind.ConversationItemTruncate when sent.TryGetConversationItemTruncate(out ConversationItemTruncateView truncate):
                Figures.Truncations.Add(truncate.AudioEndMs);
                Tell(at, Speaker.You, string.Create(CultureInfo.InvariantCulture, $"interrupt: the model's words are cut after {truncate.AudioEndMs:N0} ms, which is what was heard"));
                break;
            case ClientEventKind.ConversationItemDelete:
                Figures.Deletions++;
                Tell(at, Speaker.You, "interrupt: what was not heard is deleted");
                break;
        }
    }

    private void AddItem(TimeSpan at, ItemView item)
    {
        if (item.TryGetMessage(out MessageItemView message))
        {
            Figures.TurnEndedAt ??= at;
            foreach (ContentPartView part in message.Content)
            {
                Tell(at, Speaker.You, $"write: {Printable.Line(part.Text)}");
            }

            Wait(at);
        }
        else if (item.TryGetFunctionCallOutput(out FunctionCallOutputItemView output))
        {
            if (_callsBegan.Remove(output.CallId.ToString(), out (string Name, TimeSpan At) call))
            {
                Figures.ToolTimes.Add((call.Name, at - call.At));
            }

            Tell(at, Speaker.Tool, $"returns {Printable.Line(output.Output)}");
            Wait(at);
        }
    }

    private void Wait(TimeSpan at)
    {
        if (_running > 0 && _waitsSince is null)
        {
            _waitsSince = at;
            Tell(at, Speaker.You, "the request for an answer waits until the model has finished");
        }
    }

    private void AddAnswer(TimeSpan at)
    {
        _running++;
        _answerBeganBytes = Figures.ReceivedBytes;
        bool isAsked = _asked > 0;
        _asked = Math.Max(0, _asked - 1);
        Tell(at, Speaker.Model, isAsked || _waitsSince is null ? "begins to answer" : "begins to answer by itself, which satisfies the request that waited");
        _waitsSince = isAsked ? _waitsSince : null;
    }

    private void AddReceived(TimeSpan at, in ServerEvent received)
    {
        switch (received.Kind)
        {
            case ServerEventKind.SessionCreated when received.TryGetSessionCreated(out SessionCreatedView created):
                Figures.OpenAt ??= at;
                Tell(at, Speaker.Session, $"open, with the model {Printable.Line(created.Session.Model.Raw)}");
                break;
            case ServerEventKind.InputAudioBufferSpeechStopped:
                Figures.TurnEndedAt = at;
                Tell(at, Speaker.Session, "the server hears the end of your speech");
                break;
            case ServerEventKind.InputAudioBufferSpeechStarted when received.TryGetInputAudioBufferSpeechStarted(out InputAudioBufferSpeechStartedView started):
                _serverListens = true;
                Tell(at, Speaker.Session, string.Create(CultureInfo.InvariantCulture, $"the server hears speech, from {started.AudioStartMs:N0} ms on"));
                break;
            case ServerEventKind.ConversationItemInputAudioTranscriptionCompleted when received.TryGetConversationItemInputAudioTranscriptionCompleted(out ConversationItemInputAudioTranscriptionCompletedView heard):
                Figures.UserWords.Add(heard.Transcript.ToString());
                Tell(at, Speaker.You, $"said: {Printable.Line(heard.Transcript)}");
                break;
            case ServerEventKind.ConversationItemInputAudioTranscriptionFailed when received.TryGetConversationItemInputAudioTranscriptionFailed(out ConversationItemInputAudioTranscriptionFailedView unheard):
                Tell(at, Speaker.Session, $"what you said could not be written down: {Describe(unheard.Error.Code, unheard.Error.Type, unheard.Error.Message)}");
                break;
            case ServerEventKind.ResponseCreated when received.TryGetResponseCreated(out ResponseCreatedView created):
                _responsesBegan.TryAdd(created.Response.Id.ToString(), at);
                AddAnswer(at);
                break;
            case ServerEventKind.ResponseOutputAudioDelta when received.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta):
                Figures.ReceivedBytes += delta.Delta.DecodedLength;
                AddFirstAudio(at);
                break;
            case ServerEventKind.ResponseOutputAudioTranscriptDone when received.TryGetResponseOutputAudioTranscriptDone(out ResponseOutputAudioTranscriptDoneView spoken):
                Tell(at, Speaker.Model, $"says: {Printable.Line(spoken.Transcript)}");
                break;
            case ServerEventKind.ResponseOutputTextDone when received.TryGetResponseOutputTextDone(out ResponseOutputTextDoneView written):
                Tell(at, Speaker.Model, $"writes: {Printable.Line(written.Text)}");
                break;
            case ServerEventKind.ResponseOutputItemDone when received.TryGetResponseOutputItemDone(out ResponseOutputItemDoneView done) && done.Item.TryGetFunctionCall(out FunctionCallItemView call):
                Figures.ToolCalls.Add(call.Name.ToString());
                _callsBegan.TryAdd(call.CallId.ToString(), (call.Name.ToString(), at));
                Tell(at, Speaker.Model, $"calls {Printable.Line(call.Name)} with {Printable.Line(call.Arguments)}");
                break;
            case ServerEventKind.ResponseDone when received.TryGetResponseDone(out ResponseDoneView done):
                Figures.ResponsesDone++;
                if (_responsesBegan.Remove(done.Response.Id.ToString(), out TimeSpan began))
                {
                    Figures.ResponseTimes.Add(at - began);
                }

                _running = Math.Max(0, _running - 1);
                Tell(at, Speaker.Model, Describe(done.Response, Figures.ReceivedBytes - _answerBeganBytes));
                break;
            case ServerEventKind.Error when received.TryGetError(out ErrorView error):
                string what = error.Details.TryGetErrorDetails(out ErrorDetailsView details) ? Describe(details.Code, details.Type, details.Message) : Describe(default, default, error.Details.Text);
                Figures.ServerErrors.Add(what);
                Tell(at, Speaker.Session, $"the server reports an error: {what}");
                if (_asked > 0 && details.Code.Raw.SequenceEqual("conversation_already_has_active_response"u8))
                {
                    _asked--;
                    _running = Math.Max(1, _running);
                    Wait(at);
                }
                break;
            case ServerEventKind.Unknown:
                Figures.UnknownEvents.Add(Printable.Line(received.TypeText));
                break;
        }
    }

    private void AddFirstAudio(TimeSpan at)
    {
        if (Figures.FirstAudioAt is not null || Figures.ReceivedBytes == 0)
        {
            return;
        }

        Figures.FirstAudioAt = at;
        string since = Figures.TimeToFirstAudio is TimeSpan wait ? string.Create(CultureInfo.InvariantCulture, $", {wait.TotalMilliseconds:N0} ms after the end of your turn") : "";
        Tell(at, Speaker.Model, $"first audio{since}");
    }

    private static string Describe(ResponseView response, long bytes)
    {
        string amount = bytes == 0 ? "" : $" after {Amount(bytes)}";
        bool explains = response.StatusDetails.TryGetStatusDetails(out StatusDetailsView details);
        string reason = explains && details.Reason.Raw.HasValue ? $" ({Printable.Line(details.Reason.Raw)})" : "";
        return response.Status.Value switch
        {
            ResponseStatus.Completed => $"has answered{amount}",
            ResponseStatus.Cancelled => $"is cut off{amount}{reason}",
            ResponseStatus.Incomplete => $"stops early{amount}{reason}",
            ResponseStatus.Failed when explains && details.Error.TryGetResponseError(out ResponseErrorView error) => $"fails{amount}: {Describe(error.Code, error.Type, default)}",
            ResponseStatus.Failed when explains && details.Error.HasValue => $"fails{amount}: {Printable.Line(details.Error.Text)}",
            _ => $"ends{amount}: {Printable.Line(response.Status.Raw)}",
        };
    }

    // A service that sends an error as a text has no name for it.
    private static string Describe(TextView code, TextView type, TextView message)
    {
        TextView name = code.HasValue ? code : type;
        return !message.HasValue ? Printable.Line(name) : name.HasValue ? $"{Printable.Line(name)}: {Printable.Line(message)}" : Printable.Line(message);
    }

    private static string Amount(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{Pcm.Duration(bytes).TotalSeconds:0.0} s of audio ({bytes:N0} bytes)");

    private void Tell(TimeSpan at, Speaker who, string what) => tell(new(at, who, what));
}
