using System.Buffers;
using System.Text.Json;
using Realtime.Protocol.CommandLine.Decoding;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Grammar.Client;

namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>
/// Makes a lane of one log, event by event. Pure: it opens nothing, knows no clock, and throws at no event, whatever stands in it. It reads JSON and not typed events, since a
/// picture is wanted most of logs that are odd: of services with names of their own, of translations, cut short.
/// </summary>
/// <param name="name">The name of the log.</param>
/// <param name="withContent">Whether what was said is kept, and what tools were told and told.</param>
/// <param name="prices">What tokens cost; null when nobody knows.</param>
internal sealed class LaneBuilder(string name, bool withContent, TokenPrices? prices)
{
    private const int MostMarks = 1_000;
    private const int MostTools = 5_000;
    private const int MostNames = 16;
    private const int MostName = 80;
    private const int MostWords = 2_000;
    private const int MostContent = 4 * 1024 * 1024;

    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = 1_000 };

    private readonly ServerEventReader _typed = new(EventFile.MaxMessageBytes, ReadTolerance.Mend);
    private readonly LaneClock _clock = new();
    private readonly TurnBook _turns = new();
    private readonly UserSound _user = new();
    private readonly ModelSound _model = new();
    private readonly SoundStrip _userStrip = new();
    private readonly SoundStrip _modelStrip = new();
    private readonly List<SpeechSpan> _userSpeech = [];
    private readonly List<PicturedTool> _tools = [];
    private readonly Dictionary<string, PicturedTool> _calls = [];
    private readonly List<BrokenRule> _violations = [];
    private readonly List<Problem> _problems = [];
    private readonly List<ConnectionMark> _connections = [];
    private readonly Dictionary<string, RateLimit> _limits = [];
    private SoundFormat _input = SoundFormat.Usual;
    private SoundFormat _output = SoundFormat.Usual;
    private SessionUsage _usage = new(default, default, default, 0);
    private string? _modelName;
    private double? _speechBegin;
    private double? _bufferPlays;
    private bool _clientSpoke;
    private bool _isTranslation;
    private long _line;
    private long _events;
    private int _leftOut;
    private int _room = MostContent;

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
                Connection("closed", close.Text("reason"), close.Number("code"));
            }
            else if (note.Text("end") is { } end)
            {
                Connection("closed", note.Text("close_reason") is { Length: > 0 } reason ? reason : end, note.Number("close_status"));
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
    public void AddViolation(Violation broken)
    {
        if (HasRoom(_violations))
        {
            _violations.Add(new(_clock.PlaceOf(broken.Event, broken.At), broken.Event, broken));
        }
    }

    /// <summary>What there is to see.</summary>
    public CallLane Build()
    {
        // A translation hears without turns, from the first sound to the last.
        if (_user.TakeRun() is { } begin && (_isTranslation || _user.ServerListens == false))
        {
            _userSpeech.Add(new(true, begin, _user.LastAppend, null, _turns.Current?.Number ?? 0, null, null));
        }

        if (_speechBegin is not null)
        {
            EndSpeech(Now);
        }

        SpeechSpan[] speech = [.. _userSpeech.Concat(_model.All.Select(Picture)).OrderBy(static span => span.Begin)];
        ILookup<PicturedResponse?, ModelSound.Heard> sounds = _model.All.ToLookup(static sound => sound.Response);
        double end = speech.Aggregate(Now, static (end, span) => Math.Max(end, span.HeardUntil ?? span.End));
        return new()
        {
            Name = name,
            HasTimes = _clock.HasTimes,
            End = end,
            Lines = _line,
            Events = _events,
            Model = _modelName,
            Speech = speech,
            Turns = _turns.Turns,
            Tools = _tools,
            Interruptions = [.. _turns.Turns.SelectMany(static turn => turn.Responses).Select(response => Interrupted(response, sounds)).OfType<Interruption>().OrderBy(static cut => cut.At)],
            Violations = [.. _violations.OrderBy(static rule => rule.At)],
            Problems = _problems,
            Connections = _connections,
            RateLimits = [.. _limits.Values],
            Usage = _usage,
            Cost = prices is null ? null : _usage.Cost(prices),
            Prices = prices,
            UserSound = _userStrip,
            ModelSound = _modelStrip,
            Shares = _clock.HasTimes ? SpeechShares.Of(speech, end) : null,
            LeftOut = _leftOut + _turns.LeftOut + _model.LeftOut,
            StrangeTimes = _clock.StrangeTimes,
        };
    }

    /// <summary>A text of a peer, no longer than a page can bear.</summary>
    internal static string? Short(string? text, int most = MostName) => text is null || text.Length <= most ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[most - 1]) ? most - 1 : most), "…");

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
                _isTranslation |= type[0] == 's';
                AddUserSound(sent);
                break;
            case "input_audio_buffer.commit":
                EndRun();
                break;
            case "input_audio_buffer.clear":
                _user.TakeRun();
                break;
            case "conversation.item.create" when sent.At("item") is { } item:
                AddItem(item);
                break;
            case "conversation.item.truncate":
                Cut(sent.Text("item_id"), sent.Number("audio_end_ms"));
                break;
            case "conversation.item.delete" when _model.Of(sent.Text("item_id")) is { HeardMs: null, Response.Status: not "completed" }:
                Cut(sent.Text("item_id"), 0);
                break;
            case "response.cancel" when _turns.Active is { } active:
                active.IsCutByClient = true;
                active.CutAt ??= Now;
                _model.Stop(Now);
                break;
            case "output_audio_buffer.clear":
                _model.Stop(Now);
                break;
        }
    }

    private void AddReceived(string type, JsonElement received, ReadOnlySpan<byte> message)
    {
        switch (type)
        {
            case "session.created" or "transcription_session.created":
                Connection(_connections.Exists(static mark => mark.Kind != "closed") ? "renewed" : "opened", received.Text("session.id"), null);
                AddSession(received);
                break;
            case "session.updated" or "transcription_session.updated":
                AddSession(received);
                break;
            case "input_audio_buffer.speech_started":
                _user.ServerListens = true;
                _speechBegin = _user.PlaceOf(received.Number("audio_start_ms"), Now);
                _turns.BeginUser(_speechBegin.Value, "speech");
                _turns.Own(received.Text("item_id"));
                break;
            case "input_audio_buffer.speech_stopped":
                EndSpeech(_user.PlaceOf(received.Number("audio_end_ms"), Now));
                _turns.BeginUser(Now, "speech").UserDone = Now;
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
            case "response.output_item.added" when received.Text("item.type") is "mcp_call" or "function_call" && received.At("item") is { } begun:
                AddCall(begun, IdOfCall(begun), received.Text("response_id"));
                break;
            case "response.function_call_arguments.done" when received.Text("call_id") is { } called && _calls.TryGetValue(called, out PicturedTool? call) && call.End is null:
                // Some clients answer from here on, before the item is done.
                call.Begin = Now;
                call.Arguments ??= Content(received.Text("arguments"));
                break;
            case "response.output_item.done" when received.At("item") is { } done:
                AddOutput(done, received.Text("response_id"));
                break;
            case "response.output_audio.delta" or "response.audio.delta":
                AddModelSound(received, _turns.ResponseOf(received.Text("response_id"), Now));
                break;
            case "session.output_audio.delta":
                AddModelSound(received, null);
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
            case "conversation.item.truncated" when _model.Of(received.Text("item_id")) is { HeardMs: null }:
                Cut(received.Text("item_id"), received.Number("audio_end_ms"));
                break;
            case "output_audio_buffer.started":
                _bufferPlays = Now;
                break;
            case "output_audio_buffer.stopped" or "output_audio_buffer.cleared" when _bufferPlays is { } begin:
                // The sound goes another way, and its bytes are not in the log.
                PicturedResponse heard = _turns.ResponseOf(received.Text("response_id"), Now);
                _model.Add(heard.Id, heard, begin, null);
                _model.Add(heard.Id, heard, Now, null);
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
                    AddLimit(limit);
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

        _modelName = Short(session.Text("model")) ?? _modelName;
        _input = SoundFormat.In(session, "input") ?? _input;
        _output = SoundFormat.In(session, "output") ?? _output;
        JsonElement? detection = session.At("audio.input.turn_detection") ?? session.At("turn_detection");
        _user.ServerListens = detection is { } stated ? stated.ValueKind == JsonValueKind.Object : _user.ServerListens;
    }

    private void AddUserSound(JsonElement append)
    {
        long? bytes = SoundSize.Of(append, "audio");
        double? milliseconds = bytes / _input.BytesPerMs;
        _user.Append(Now, milliseconds);
        if (_user.ServerListens == false && !_isTranslation)
        {
            _turns.BeginUser(Now, "speech");
        }

        if (_input.IsPcm && Samples(append, "audio") is { Length: > 0 } samples)
        {
            _userStrip.AddSamples(Math.Max(0, Now - (milliseconds ?? 0)), samples, _input.BytesPerMs);
        }
        else
        {
            _userStrip.AddBytes(Now, bytes ?? 0);
        }
    }

    private void AddModelSound(JsonElement delta, PicturedResponse? response)
    {
        long? bytes = SoundSize.Of(delta, "delta");
        double? milliseconds = _clock.HasTimes ? bytes / _output.BytesPerMs : null;
        double begin = _model.Add(delta.Text("item_id"), response, Now, milliseconds);
        if (response is not null && bytes > 0)
        {
            response.Turn.FirstSound ??= Now;
        }

        if (_output.IsPcm && Samples(delta, "delta") is { Length: > 0 } samples)
        {
            _modelStrip.AddSamples(begin, samples, _output.BytesPerMs);
        }
        else
        {
            _modelStrip.AddBytes(Now, bytes ?? 0);
        }
    }

    private static byte[]? Samples(JsonElement json, string member)
    {
        try
        {
            return json.At(member) is { ValueKind: JsonValueKind.String } sound && sound.TryGetBytesFromBase64(out byte[]? samples) ? samples : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which is no base64.
            return null;
        }
    }

    private void EndRun()
    {
        if (_user.TakeRun() is { } begin && _user.ServerListens != true)
        {
            PicturedTurn turn = _turns.BeginUser(begin, "speech");
            if (HasRoom(_userSpeech, MostTools))
            {
                _userSpeech.Add(new(true, begin, Now, null, turn.Number, null, null));
            }
        }

        if (_user.ServerListens != true)
        {
            _turns.BeginUser(Now, "speech").UserDone = Now;
        }
    }

    private void EndSpeech(double end)
    {
        if (_speechBegin is { } begin && HasRoom(_userSpeech, MostTools))
        {
            _userSpeech.Add(new(true, begin, Math.Max(begin, end), null, _turns.Current?.Number ?? 0, null, null));
        }

        _speechBegin = null;
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
                    turn.UserWords = Joined(turn.UserWords, part.Text("text") ?? part.Text("transcript"));
                }

                break;
            case "function_call_output" when item.Text("call_id") is { } id && _calls.TryGetValue(id, out PicturedTool? tool) && tool.End is null:
                string output = item.Text("output") ?? "";
                tool.End = Now;
                tool.Outcome = HasError(output) ? "failed" : "answered";
                tool.Output = Content(output);
                break;
        }
    }

    // As this library and many others tell a model that a tool has failed.
    private static bool HasError(string output)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(output, Lenient);
            return document.RootElement.At("error") is { ValueKind: not (JsonValueKind.Null or JsonValueKind.False) };
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // An output names the call; a call that the service makes itself has its item's id only.
    private static string? IdOfCall(JsonElement item) => item.Text("type") == "mcp_call" ? item.Text("id") : item.Text("call_id");

    private void AddOutput(JsonElement item, string? response)
    {
        if (item.Text("type") is not ("mcp_call" or "function_call") || AddCall(item, IdOfCall(item), response) is not { End: null } tool)
        {
            return;
        }

        tool.Arguments = Content(item.Text("arguments"));
        if (item.Text("type") == "mcp_call")
        {
            tool.End = Now;
            tool.Outcome = item.At("error") is { ValueKind: not JsonValueKind.Null } ? "failed" : "answered";
            tool.Output = Content(item.Text("output"));
        }
    }

    private PicturedTool? AddCall(JsonElement item, string? id, string? response)
    {
        id ??= $"?{_calls.Count}";
        if (!_calls.TryGetValue(id, out PicturedTool? tool) && HasRoom(_tools, MostTools))
        {
            tool = new PicturedTool(Short(item.Text("name")) ?? "", id, _turns.ResponseOf(response, Now).Turn.Number) { Begin = Now };
            _calls[id] = tool;
            _tools.Add(tool);
        }

        return tool;
    }

    private void AddTranscript(JsonElement completed, ReadOnlySpan<byte> message)
    {
        if (_turns.TurnOf(completed.Text("item_id")) is { } turn)
        {
            turn.UserWords = Joined(turn.UserWords, completed.Text("transcript"));
        }

        if (_typed.TryRead(message, [], out ServerEvent read, out _) && read.TryGetConversationItemInputAudioTranscriptionCompleted(out ConversationItemInputAudioTranscriptionCompletedView view))
        {
            TokenUsage? tokens = view.Usage.TryGetTokens(out TranscriptionTokenUsageView counted) ? UsageWords.Of(counted) : null;
            double seconds = completed.At("usage.seconds") is { ValueKind: JsonValueKind.Number } stated && stated.TryGetDouble(out double given) ? Math.Clamp(given, 0, 86_400) : 0;
            _usage = _usage with
            {
                Transcription = _usage.Transcription + (tokens ?? default),
                TranscribedAudio = _usage.TranscribedAudio + TimeSpan.FromSeconds(seconds),
                TranscriptsWithoutUsage = _usage.TranscriptsWithoutUsage + (tokens is null && seconds == 0 ? 1 : 0),
            };
        }
    }

    private void AddWords(JsonElement done, string? words)
    {
        PicturedResponse response = _turns.ResponseOf(done.Text("response_id"), Now);
        response.Words = Joined(response.Words, words);
    }

    private void AddDone(JsonElement done, ReadOnlySpan<byte> message)
    {
        PicturedResponse response = _turns.ResponseOf(done.Text("response.id"), Now);
        if (response.Done is not null)
        {
            return;
        }

        _turns.EndResponse(response, Now);
        response.Status = Short(done.Text("response.status")) ?? "completed";
        response.Reason = Short(done.Text("response.status_details.reason") ?? done.Text("response.status_details"));
        response.Usage = _typed.TryRead(message, [], out ServerEvent read, out _) && read.TryGetResponseDone(out ResponseDoneView view) ? UsageWords.Of(view.Response.Usage) : null;
        _usage = response.Usage is { } usage
            ? _usage with { Responses = _usage.Responses + usage }
            : _usage with { ResponsesWithoutUsage = _usage.ResponsesWithoutUsage + 1 };
        if (response.Status == "cancelled")
        {
            response.CutAt ??= Now;
            _model.Stop(Now);
        }
        else if (response.Status == "failed")
        {
            Problem("response_failed", done.Text("response.status_details.error.code") ?? done.Text("response.status_details.error.type"), message: done.Text("response.status_details.error.message"));
        }
    }

    // What is stated first counts: a server repeats what a client told it.
    private void Cut(string? item, long? heardMs)
    {
        if (_model.Of(item) is not { } sound)
        {
            return;
        }

        sound.HeardMs ??= heardMs is { } stated ? Math.Max(0, stated) : null;
        if (sound.Response is { } response)
        {
            response.CutAt ??= Now;
            response.IsCutByClient |= response.Status == "completed";
        }

        _model.Stop(Now);
    }

    private void AddLimit(JsonElement limit)
    {
        if (Short(limit.Text("name")) is not { } called || limit.At("remaining") is not { ValueKind: JsonValueKind.Number } stated || !stated.TryGetDouble(out double remaining) || !double.IsFinite(remaining))
        {
            return;
        }

        double? most = limit.At("limit") is { ValueKind: JsonValueKind.Number } all && all.TryGetDouble(out double known) && double.IsFinite(known) ? known : null;
        if (_limits.TryGetValue(called, out RateLimit? before))
        {
            bool isLower = remaining < before.Lowest;
            _limits[called] = before with { Limit = most ?? before.Limit, Last = remaining, Lowest = isLower ? remaining : before.Lowest, LowestAt = isLower ? Now : before.LowestAt };
        }
        else if (_limits.Count < MostNames)
        {
            _limits[called] = new(called, most, remaining, Now, remaining);
        }
    }

    private SpeechSpan Picture(ModelSound.Heard sound)
    {
        double? soundMs = sound.SoundMs > 0 ? Math.Round(sound.SoundMs, 1) : null;
        double? heardMs = sound.HeardMs is { } stated ? soundMs is { } all ? Math.Min(stated, all) : stated
            : sound.Response is { CutAt: { } cut } && cut < sound.End && _clock.HasTimes ? Math.Clamp(cut - sound.Begin, 0, soundMs ?? double.MaxValue)
            : null;
        double end = _clock.HasTimes ? sound.End : sound.End + 1;
        double? until = heardMs is not { } heard ? null
            : _clock.HasTimes ? Math.Min(end, sound.Begin + heard)
            : soundMs is { } length ? sound.Begin + ((end - sound.Begin) * heard / length)
            : end;
        return new(false, sound.Begin, end, until, sound.Response?.Turn.Number ?? 0, soundMs, heardMs is { } rounded ? Math.Round(rounded, 1) : null);
    }

    private Interruption? Interrupted(PicturedResponse response, ILookup<PicturedResponse?, ModelSound.Heard> all)
    {
        if (response.CutAt is not { } at)
        {
            return null;
        }

        ModelSound.Heard[] sounds = [.. all[response]];
        SpeechSpan[] spans = [.. sounds.Select(Picture)];
        double? soundMs = spans.Length > 0 && spans.All(static span => span.SoundMs is not null) ? spans.Sum(static span => span.SoundMs) : null;
        bool isStated = sounds.Any(static sound => sound.HeardMs is not null);
        bool isKnown = spans.Length > 0 && spans.Any(static span => span.HeardMs is not null);

        // Of an answer in several items, those before the one that was cut were heard whole.
        double? heardMs = spans.Length == 0 ? null : isKnown ? spans.Sum(static span => span.HeardMs ?? span.SoundMs) : null;
        string by = response.Reason == "turn_detected" || !response.IsCutByClient ? "user_speech" : "client";
        return new(at, response.Turn.Number, by, soundMs, heardMs, heardMs is null ? null : isStated ? "stated" : "estimated");
    }

    private void Connection(string kind, string? called, long? code)
    {
        if (HasRoom(_connections))
        {
            _connections.Add(new(Now, kind, Short(called), code));
        }
    }

    private void Problem(string kind, string? called, string? parameter = null, string? message = null)
    {
        if (HasRoom(_problems))
        {
            _problems.Add(new(Now, kind, _line, Short(called), Short(parameter), Content(message)));
        }
    }

    private bool HasRoom<T>(List<T> list, int most = MostMarks)
    {
        _leftOut += list.Count < most ? 0 : 1;
        return list.Count < most;
    }

    private string? Content(string? words)
    {
        string? shown = withContent ? Short(words, MostWords) : null;
        if (shown?.Length > _room)
        {
            _leftOut++;
            return null;
        }

        _room -= shown?.Length ?? 0;
        return shown;
    }

    private string? Joined(string? before, string? more) => Content(string.IsNullOrEmpty(more) ? before : before is null ? more : $"{before} {more}");
}
