using Realtime.Protocol;

namespace Repository.Tests;

/// <summary>The programs of the README, compiled and run by the tests. The README is compared with this file.</summary>
internal static class ReadmeProgram
{
    public static async Task RunAsync(string[] args)
    {
        #region README
        var clock = VoiceTool.Create("clock", "Tells the time.", """{"type":"object"}""", static (call, ct) => new($"{DateTime.Now:t}"));
        await using var session = await VoiceSession.ConnectAsync(new() { Endpoint = new(args[0]), Session = SessionConfiguration.PushToTalk with { Tools = [clock] } });
        await using var question = File.OpenRead("question.pcm");    // PCM16, 24 kHz, mono
        await question.CopyToAsync(session.Input);                   // raw bytes in
        var turn = session.EndTurn();                                // commit what was flushed, one sequenced create
        await using var answer = File.Create("answer.pcm");
        await turn.Audio.CopyToAsync(answer);                        // one stream of raw bytes, across the tool round
        Console.WriteLine((await turn.Completion).Transcript);
        #endregion
    }

    public static async Task ChangeAsync(VoiceSession session)
    {
        #region README
        var inForce = await session.UpdateAsync(new() { Instructions = "Now speak French.", MaxOutputTokens = 400 });
        Console.WriteLine($"{inForce.Voice} speaks; {inForce.Tools?.Count} tools");           // as the server stated it, with your tools
        try
        {
            await session.UpdateAsync(new() { Speed = 9 });
        }
        catch (RealtimeRejectedException refusal)
        {
            Console.WriteLine($"{refusal.Error.Parameter}: {refusal.Error.Code}");            // nothing has changed
        }
        #endregion
    }
}
