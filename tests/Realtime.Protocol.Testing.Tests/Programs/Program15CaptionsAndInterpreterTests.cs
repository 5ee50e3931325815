using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Tests.Support;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.Testing.Tests.Programs;

/// <summary>Program 15: speech is written down in one session, and translated in another. Both services are played by hand over the in-memory transport, as their schemas have it.</summary>
public sealed class Program15CaptionsAndInterpreterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Captions_AreReadUtteranceByUtterance_AndNoneIsLostAtTheEnd()
    {
        byte[] pcm = Sound.Speech(400);
        (IRealtimeTransport near, Task service) = Serve(Transcribe);
        await using TranscriptionSession captions = await TranscriptionSession.ConnectAsync(new() { Transcription = "gpt-4o-transcribe", TurnTaking = new TurnTaking.ServerVad(), Transport = (_, _) => new(near) }, Stop);
        await captions.Input.WriteAsync(pcm, Stop);
        await captions.DrainAsync(Stop).WaitAsync(Patience, Stop);
        var said = new List<string>();
        await foreach (Utterance utterance in captions.ReadUtterancesAsync(Stop))
        {
            said.Add((await utterance.Completion).Transcript);
        }

        Assert.Equal(["Dear neighbour,"], said);
        Assert.Equal(TimeSpan.FromMilliseconds(400), captions.Usage.TranscribedAudio);
        await service.WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task TheInterpreter_IsHeardAndRead_ToItsLastWord()
    {
        byte[] pcm = Sound.Speech(600);
        var speaker = new MemoryStream();
        (IRealtimeTransport near, Task service) = Serve(Translate);
        await using TranslationSession interpreter = await TranslationSession.ConnectAsync(new() { Language = "de", TranscriptionModel = "gpt-realtime-whisper", Transport = (_, _) => new(near) }, Stop);
        Task hear = interpreter.Audio.CopyToAsync(speaker, Stop);
        await interpreter.Input.WriteAsync(pcm, Stop);
        Task drained = interpreter.DrainAsync(Stop);
        var written = new StringBuilder();
        await foreach (TranslationText text in interpreter.ReadTextAsync(Stop))
        {
            if (text.Side == TranslationSide.Translation)
            {
                written.Append(text.Text);
            }
        }

        await drained.WaitAsync(Patience, Stop);
        await hear.WaitAsync(Patience, Stop);
        Assert.Equal(" [de] [de] Ende.", written.ToString());
        Assert.Equal(pcm, speaker.ToArray());
        await service.WaitAsync(Patience, Stop);
    }

    // Takes the whole as one utterance, which it hears end when it is asked to leave the turns to the client.
    private static async Task Transcribe(JsonObject? message, Func<string, Task> say)
    {
        switch ((string?)message?["type"])
        {
            case null:
                await say("""{"type":"session.created","session":{"type":"transcription","id":"sess_1"}}""");
                break;
            case "session.update" when message!["session"]!["audio"]!["input"]!.AsObject().TryGetPropertyValue("transcription", out _):
                await say($$"""{"type":"session.updated","session":{{message["session"]!.ToJsonString()}}}""");
                break;
            case "session.update":
                await say("""{"type":"input_audio_buffer.speech_started","audio_start_ms":0,"item_id":"item_1"}""");
                await say("""{"type":"input_audio_buffer.speech_stopped","audio_end_ms":400,"item_id":"item_1"}""");
                await say("""{"type":"input_audio_buffer.committed","previous_item_id":null,"item_id":"item_1"}""");
                await say($$"""{"type":"session.updated","session":{{message!["session"]!.ToJsonString()}}}""");
                await say("""{"type":"conversation.item.input_audio_transcription.delta","item_id":"item_1","content_index":0,"delta":"Dear"}""");
                await say("""{"type":"conversation.item.input_audio_transcription.completed","item_id":"item_1","content_index":0,"transcript":"Dear neighbour,","usage":{"type":"duration","seconds":0.4}}""");
                break;
        }
    }

    // Says everything again, a word for each piece, and a last one when it is asked to end.
    private static async Task Translate(JsonObject? message, Func<string, Task> say)
    {
        switch ((string?)message?["type"])
        {
            case null:
                await say("""{"type":"session.created","session":{"id":"sess_1","type":"translation","model":"gpt-realtime-translate","audio":{},"expires_at":1795215600}}""");
                break;
            case "session.update":
                await say("""{"type":"session.updated","session":{"id":"sess_1","type":"translation","model":"gpt-realtime-translate","audio":{"output":{"language":"de"}},"expires_at":1795215600}}""");
                break;
            case "session.input_audio_buffer.append":
                await say("""{"type":"session.input_transcript.delta","delta":" word","elapsed_ms":200}""");
                await say($$"""{"type":"session.output_audio.delta","delta":"{{(string?)message!["audio"]}}","elapsed_ms":200}""");
                await say("""{"type":"session.output_transcript.delta","delta":" [de]","elapsed_ms":200}""");
                break;
            case "session.close":
                await say("""{"type":"session.output_transcript.delta","delta":" Ende.","elapsed_ms":400}""");
                await say("""{"type":"session.closed"}""");
                break;
        }
    }

    private static (IRealtimeTransport Near, Task Service) Serve(Func<JsonObject?, Func<string, Task>, Task> service)
    {
        (PipeTransport near, PipeTransport far) = PipeTransport.CreatePair();
        return (near, Task.Run(async () =>
        {
            int events = 0;
            await service(null, SayAsync);
            while (await far.ReceiveAsync() is { IsEnd: false } message)
            {
                await service(JsonNode.Parse(message.Body.Span)!.AsObject(), SayAsync);
            }

            async Task SayAsync(string json)
            {
                JsonObject said = JsonNode.Parse(json)!.AsObject();
                said["event_id"] = $"event_{++events}";
                await far.SendAsync(Encoding.UTF8.GetBytes(said.ToJsonString()));
            }
        }));
    }
}
