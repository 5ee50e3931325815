using System.IO.Pipelines;
using Realtime.Protocol;

// One spoken turn with a tool round, at the address given; then a call of a host. A line at each step, so that whoever started it can time them.
Console.WriteLine("started");
VoiceTool clock = VoiceTool.Create("clock", "Tells the time.", """{"type":"object"}""", static (call, ct) => new($"{DateTime.Now:t}"));
await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Endpoint = new(args[0]), Session = SessionConfiguration.PushToTalk with { Tools = [clock] } });
Console.WriteLine("connected");

await session.Input.WriteAsync(new byte[48_000]);
Turn spoken = session.EndTurn();
long audioBytes = await CountAsync(spoken.Audio);
Turn written = session.SendMessage("tool: clock");
await CountAsync(written.Audio);
Console.WriteLine($"heard {audioBytes} bytes and \"{(await spoken.Completion).Transcript}\", then \"{(await written.Completion).Transcript}\"");
Console.WriteLine(await Hosted.TalkAsync(args[0]));

static async Task<long> CountAsync(PipeReader audio)
{
    long bytes = 0;
    while (true)
    {
        ReadResult read = await audio.ReadAsync();
        bytes += read.Buffer.Length;
        audio.AdvanceTo(read.Buffer.End);
        if (read.IsCompleted)
        {
            return bytes;
        }
    }
}
