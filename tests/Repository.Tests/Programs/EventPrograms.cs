using Realtime.Protocol;
using Realtime.Protocol.Events;

namespace Repository.Tests.Programs;

/// <summary>The programs of the README of the session that go one level down, to the events. They need the two namespaces above.</summary>
internal static class EventPrograms
{
    public static void Count(VoiceSessionOptions options, int[] seen)
    {
        #region Program 9
        options.OnServerEvent = (in e) => seen[(int)e.Kind]++;           // allocates nothing; valid during the call only
        #endregion
    }

    // Reads from the moment when it is called: nothing is awaited before.
    public static async Task LogAsync(VoiceSession session, CancellationToken ct)
    {
        #region Program 9
        await using var log = File.Create("events.jsonl");
        await foreach (WireEvent e in session.ReadEventsAsync(EventSelection.All | EventSelection.WithoutAudio, ct))
        {
            if (e.MissedBefore > 0) { Console.Error.WriteLine($"{e.MissedBefore} events were left out"); }
            await log.WriteAsync(e.Utf8Json, ct);
            log.WriteByte((byte)'\n');
        }
        #endregion
    }

    public static async Task SendAsync(VoiceSession session, string typed, TextWriter output, CancellationToken ct)
    {
        #region Program 10
        await session.SendAsync(new OutputAudioBufferClear());                                     // a side-band session beside WebRTC
        await session.SendAsync(new ConversationItemRetrieve { ItemId = "item_1" }, ct);
        await session.SendRawAsync(RawJson.Parse("""{"type":"vendor.ping"}"""), ct);
        try { await session.SendRawAsync(RawJson.Parse(typed), ct); }                              // somebody typed {"type":"response.create"}; in your code RT1002 reports it
        catch (RealtimeRefusedException refused) { output.WriteLine(refused.Rule); }               // RC-01
        #endregion
    }

    public static Session Wire()
    {
        #region Program 17
        var s = new Session { Audio = { Output = { Voice = "marin" }, Input = { Transcription = new AudioTranscription { Model = "whisper-1" } } } };
        s.Audio.Input.TurnDetection = new ServerVad { SilenceDurationMs = 300 };       // null is legal here, so it is a Field<TurnDetection>, and still needs no cast
        s.Audio.Input.Transcription = Field<AudioTranscription>.Null;
        #endregion
        return s;
    }
}
