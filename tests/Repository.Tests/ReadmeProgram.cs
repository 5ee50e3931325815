using System.IO.Pipelines;
using Realtime.Protocol;

namespace Repository.Tests;

/// <summary>The program of the README, compiled and run by the tests. The README is compared with this file.</summary>
internal static class ReadmeProgram
{
    public static async Task RunAsync(string[] args)
    {
        #region README
        var options = new VoiceSessionOptions { Endpoint = new(args[0]), TurnTaking = TurnTaking.Manual };
        options.Tools.Add("clock", "Tells the time.", """{"type":"object"}""", static (call, ct) => new($"{DateTime.Now:t}"));
        await using var session = await VoiceSession.ConnectAsync(options);      // returns when the configuration is acknowledged
        await using var question = File.OpenRead("question.pcm");                // PCM16, 24 kHz, mono
        await question.CopyToAsync(session.Input);                               // raw bytes in
        var turn = await session.EndTurnAsync();                                 // commit what was flushed, one sequenced create
        await using var answer = File.Create("answer.pcm");
        await turn.Audio.CopyToAsync(answer);                                    // one stream of raw bytes, across the tool round
        Console.WriteLine((await turn.Completion).Transcript);
        #endregion
    }
}
