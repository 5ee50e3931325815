using System.Buffers;
using System.Text.Json;
using Realtime.Protocol.CommandLine.Decoding;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Grammar.Client;

namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>
/// Makes a lane of one log, event by event: says what each event means, and leaves what it is part of to the books. Pure: it opens nothing, knows no clock, and throws at no event, whatever stands in it. It reads JSON and
/// not typed events, since a picture is wanted most of logs that are odd: of services with names of their own, of translations, cut short.
/// </summary>
internal sealed class LaneBuilder
{
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = 1_000 };

    private readonly string _name;
    private readonly TokenPrices? _prices;
    private readonly LaneClock _clock = new();
    private readonly TurnBook _turns = new();
    private readonly LaneUsage _usage = new();
    private readonly LimitBook _limits = new();
    private readonly PageRoom _room;
    private readonly LaneMarks _marks;
    private readonly ToolBook _tools;
    private readonly LaneSound _sound;
    private readonly UserSpeech _userSpeech;
    private string? _modelName;
    private double? _bufferPlays;
    private bool _clientSpoke;
    private long _line;
    private long _events;

    /// <param name="name">The name of the log.</param>
    /// <param name="withContent">Whether what was said is kept, and what tools were told and told.</param>
    /// <param name="prices">What tokens cost; null when nobody knows.</param>
    public LaneBuilder(string name, bool withContent, TokenPrices? prices)
    {
        (_name, _prices, _room) = (name, prices, new PageRoom(withContent));
        (_marks, _tools, _sound) = (new LaneMarks(_room), new ToolBook(_turns, _room), new LaneSound(_clock, _turns));
        _userSpeech = new UserSpeech(_turns, _sound.User, _room);
    }

    private double Now => _clock.Now;

    /// <summary>Takes the next event.</summary>
    /// <returns>Why it is none; null when it is one.</returns>
    public string? Add(long line, in RecordedEvent read)
    {
        _line = line;
        byte[] copy = ArrayPool<byte>.Shared.Rent(Math.Max(1, read.Message.Length));
        try
        {
            read.Message.CopyTo(copy);
            using JsonDocument document = JsonDocument.Parse(copy.AsMemory(0, read.Message.Length), Lenient);
            if (document.RootElement.Text("type") is not { } type)
            {
                return Malformed(read, "it is no event: it has no type");
            }

            _events++;
            _clock.Tick(line, read.At);
            if (read.Sender == EventSender.Client)
            {
                _clientSpoke = true;
                AddSent(type, document.RootElement);
            }
            else
            {
                AddReceived(type, document.RootElement, read.Message);
            }

            return null;
        }
        catch (JsonException)
        {
            return Malformed(read, "it is no JSON, or breaks off");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    /// <summary>Takes a line that records something other than an event: a connection that ended, a defect of the simulator.</summary>
    public void AddNote(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, Lenient);
            JsonElement note = document.RootElement;
            if (note.At("close") is { ValueKind: JsonValueKind.Object } close)
            {
                _marks.Close(Now, close.Text("reason"), close.Number("code"));
            }
            else if (note.Text("end") is { } end)
            {
                _marks.Close(Now, note.Text("close_reason") is { Length: > 0 } reason ? reason : end, note.Number("close_status"));
            }
            else if (note.Text("defect") is { } defect)
            {
                Problem("defect", defect);
            }
        }
        catch (JsonException)
        {
            // Then nobody knows what it says; a note is no event, so none is missing.
        }
    }

    /// <summary>A line is no event.</summary>
    public void AddFault(long line)
    {
        _line = line;
        Problem("no_event", null);
    }

    /// <summary>A client broke a rule.</summary>
    public void AddViolation(Violation broken) => _marks.Violation(new(_clock.PlaceOf(broken.Event, broken.At), broken.Event, broken));

    /// <summary>What there is to see.</summary>
    public CallLane Build()
    {
        IReadOnlyList<SpeechSpan> userSpeech = _userSpeech.Close(Now, _sound.IsTranslation);
        IReadOnlyList<ModelSound.Heard> sounds = _sound.Model.All;
        var heard = new HeardSpeech(_clock.HasTimes);
        SpeechSpan[] speech = [.. userSpeech.Concat(sounds.Select(heard.Span)).OrderBy(static span => span.Begin)];
        ILookup<PicturedResponse?, ModelSound.Heard> soundsOf = sounds.ToLookup(static sound => sound.Response);
        double end = speech.Aggregate(Now, static (end, span) => Math.Max(end, span.HeardUntil ?? span.End));
        return new()
        {
            Name = _name,
            HasTimes = _clock.HasTimes,
            End = end,
            Lines = _line,
            Events = _events,
            Model = _modelName,
            Speech = speech,
            Turns = _turns.Turns,
            Tools = _tools.Tools,
            Interruptions = [.. _turns.Turns.SelectMany(static turn => turn.Responses).Select(response => heard.Interrupted(response, soundsOf[response])).OfType<Interruption>().OrderBy(static cut => cut.At)],
            Violations = _marks.Violations,
            Problems = _marks.Problems,
            Connections = _marks.Connections,
            RateLimits = _limits.Limits,
            Usage = _usage.Total,
            Cost = _prices is null ? null : _usage.Total.Cost(_prices),
            Prices = _prices,
            UserSound = _sound.UserStrip,
            ModelSound = _sound.ModelStrip,
            Shares = _clock.HasTimes ? SpeechShares.Of(speech, end) : null,
            LeftOut = _room.LeftOut + _turns.LeftOut + _sound.Model.LeftOut,
            StrangeTimes = _clock.StrangeTimes,
        };
    }

    private string? Malformed(in RecordedEvent read, string why)
    {
        if (!read.WasNotJson)
        {
            AddFault(_line);
            return why;
        }

        // The log is whole: it says that this was sent.
        _events++;
        _clock.Tick(_line, read.At);
        Problem("malformed", read.Sender == EventSender.Client ? "client" : "server");
        return null;
    }

    private void AddSent(string type, JsonElement sent)
    {
        switch (type)
        {
            case "input_audio_buffer.append" or "session.input_audio_buffer.append":
                _sound.IsTranslation |= type[0] == 's';
                _sound.Append(sent);
                break;
            case "input_audio_buffer.commit":
                _userSpeech.Commit(Now);
                break;
            case "input_audio_buffer.clear":
                _sound.User.TakeRun();
                break;
            case "conversation.item.create" when sent.At("item") is { } item:
                AddItem(item);
                break;
            case "conversation.item.truncate":
                Cut(sent.Text("item_id"), sent.Number("audio_end_ms"));
                break;
            case "conversation.item.delete" when _sound.Model.Of(sent.Text("item_id")) is { HeardMs: null, Response.Status: not "completed" }:
                Cut(sent.Text("item_id"), 0);
                break;
            case "response.cancel" when _turns.Active is { } active:
                active.IsCutByClient = true;
                active.CutAt ??= Now;
                _sound.Model.Stop(Now);
                break;
            case "output_audio_buffer.clear":
                _sound.Model.Stop(Now);
                break;
        }
    }

    private void AddReceived(string type, JsonElement received, ReadOnlySpan<byte> message)
    {
        switch (type)
        {
            case "session.created" or "transcription_session.created":
                _marks.Open(Now, received.Text("session.id"));
                AddSession(received);
                break;
            case "session.updated" or "transcription_session.updated":
                AddSession(received);
                break;
            case "input_audio_buffer.speech_started":
                _userSpeech.Begin(received.Number("audio_start_ms"), Now);
                _turns.Own(received.Text("item_id"));
                break;
            case "input_audio_buffer.speech_stopped":
                _userSpeech.End(received.Number("audio_end_ms"), Now);
                break;
            case "input_audio_buffer.committed":
                _turns.Own(received.Text("item_id"));
                break;
            case "conversation.item.added" or "conversation.item.created" when !_clientSpoke && received.Text("item.role") == "user" && received.At("item") is { } item && _turns.TurnOf(item.Text("id")) is null:
                AddItem(item);
                _turns.Own(item.Text("id"));
                break;
            case "conversation.item.input_audio_transcription.completed":
                AddTranscript(received, message);
                break;
            case "conversation.item.input_audio_transcription.failed":
                Problem("transcription_failed", received.Text("error.code") ?? received.Text("error.type"), message: received.Text("error.message"));
                break;
            case "response.created":
                _turns.BeginResponse(received.Text("response.id"), Now);
                break;
            case "response.output_item.added" when received.At("item") is { } begun && ToolBook.IsCall(begun):
                _tools.Begin(begun, received.Text("response_id"), Now);
                break;
            case "response.function_call_arguments.done":
                _tools.Complete(received.Text("call_id"), received.Text("arguments"), Now);
                break;
            case "response.output_item.done" when received.At("item") is { } done:
                _tools.Finish(done, received.Text("response_id"), Now);
                break;
            case "response.output_audio.delta" or "response.audio.delta":
                _sound.Hear(received, _turns.ResponseOf(received.Text("response_id"), Now));
                break;
            case "session.output_audio.delta":
                _sound.Hear(received, null);
                break;
            case "response.output_text.delta" or "response.text.delta" or "response.output_audio_transcript.delta" or "response.audio_transcript.delta":
                PicturedTurn answered = _turns.ResponseOf(received.Text("response_id"), Now).Turn;
                answered.FirstWords ??= Now;
                break;
            case "response.output_audio_transcript.done" or "response.audio_transcript.done":
                AddWords(received, received.Text("transcript"));
                break;
            case "response.output_text.done" or "response.text.done":
                AddWords(received, received.Text("text"));
                break;
            case "conversation.item.truncated" when _sound.Model.Of(received.Text("item_id")) is { HeardMs: null }:
                Cut(received.Text("item_id"), received.Number("audio_end_ms"));
                break;
            case "output_audio_buffer.started":
                _bufferPlays = Now;
                break;
            case "output_audio_buffer.stopped" or "output_audio_buffer.cleared" when _bufferPlays is { } begin:
                // The sound goes another way, and its bytes are not in the log.
                PicturedResponse heard = _turns.ResponseOf(received.Text("response_id"), Now);
                _sound.Model.Add(heard.Id, heard, begin, null);
                _sound.Model.Add(heard.Id, heard, Now, null);
                _bufferPlays = null;
                break;
            case "response.done":
                AddDone(received, message);
                break;
            case "error":
                Problem("error", received.Text("error.code") ?? received.Text("error.type"), received.Text("error.param"), received.Text("error.message") ?? received.Text("error"));
                break;
            case "rate_limits.updated":
                foreach (JsonElement limit in received.Elements("rate_limits"))
                {
                    _limits.Add(limit, Now);
                }

                break;
        }
    }

    private void AddSession(JsonElement received)
    {
        if (received.At("session") is not { } session)
        {
            return;
        }

        _modelName = PageRoom.Short(session.Text("model")) ?? _modelName;
        _sound.Configure(session);
    }

    private void AddItem(JsonElement item)
    {
        switch (item.Text("type"))
        {
            case "message" when item.Text("role") == "user":
                bool isSpoken = item.Elements("content").Any(static part => part.Text("type") == "input_audio");
                PicturedTurn turn = _turns.BeginUser(Now, isSpoken ? "speech" : "text");
                turn.UserDone = Now;
                foreach (JsonElement part in item.Elements("content"))
                {
                    turn.UserWords = _room.Joined(turn.UserWords, part.Text("text") ?? part.Text("transcript"));
                }

                break;
            case "function_call_output":
                _tools.Answer(item.Text("call_id"), item.Text("output") ?? "", Now);
                break;
        }
    }

    private void AddTranscript(JsonElement completed, ReadOnlySpan<byte> message)
    {
        if (_turns.TurnOf(completed.Text("item_id")) is { } turn)
        {
            turn.UserWords = _room.Joined(turn.UserWords, completed.Text("transcript"));
        }

        _usage.AddTranscript(completed, message);
    }

    private void AddWords(JsonElement done, string? words)
    {
        PicturedResponse response = _turns.ResponseOf(done.Text("response_id"), Now);
        response.Words = _room.Joined(response.Words, words);
    }

    private void AddDone(JsonElement done, ReadOnlySpan<byte> message)
    {
        PicturedResponse response = _turns.ResponseOf(done.Text("response.id"), Now);
        if (response.Done is not null)
        {
            return;
        }

        _turns.EndResponse(response, Now);
        response.Status = PageRoom.Short(done.Text("response.status")) ?? "completed";
        response.Reason = PageRoom.Short(done.Text("response.status_details.reason") ?? done.Text("response.status_details"));
        response.Usage = _usage.AddResponse(message);
        if (response.Status == "cancelled")
        {
            response.CutAt ??= Now;
            _sound.Model.Stop(Now);
        }
        else if (response.Status == "failed")
        {
            Problem("response_failed", done.Text("response.status_details.error.code") ?? done.Text("response.status_details.error.type"), message: done.Text("response.status_details.error.message"));
        }
    }

    // What is stated first counts: a server repeats what a client told it.
    private void Cut(string? item, long? heardMs)
    {
        if (_sound.Model.Of(item) is not { } sound)
        {
            return;
        }

        sound.HeardMs ??= heardMs is { } stated ? Math.Max(0, stated) : null;
        if (sound.Response is { } response)
        {
            response.CutAt ??= Now;
            response.IsCutByClient |= response.Status == "completed";
        }

        _sound.Model.Stop(Now);
    }

    private void Problem(string kind, string? called, string? parameter = null, string? message = null) => _marks.Problem(Now, kind, _line, called, parameter, message);
}
