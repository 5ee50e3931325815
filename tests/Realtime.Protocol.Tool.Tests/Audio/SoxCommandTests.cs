using Realtime.Protocol.CommandLine.Audio;

namespace Realtime.Protocol.CommandLine.Tests.Audio;

public class SoxCommandTests
{
    [Theory]
    [InlineData("in.wav", "sox in.wav -r 24000 -c 1 -b 16 in-24k.wav")]
    [InlineData("talks/in.mp3", "sox talks/in.mp3 -r 24000 -c 1 -b 16 talks/in-24k.wav")]
    [InlineData("my voice.wav", "sox 'my voice.wav' -r 24000 -c 1 -b 16 'my voice-24k.wav'")]
    [InlineData("it's.wav", @"sox 'it'\''s.wav' -r 24000 -c 1 -b 16 'it'\''s-24k.wav'")]
    [InlineData("$(reboot).wav", "sox '$(reboot).wav' -r 24000 -c 1 -b 16 '$(reboot)-24k.wav'")]
    [InlineData("-n.wav", "sox ./-n.wav -r 24000 -c 1 -b 16 ./-n-24k.wav")]
    public void Command_CanBePastedIntoAShell(string file, string command) => Assert.Equal(command, SoxCommand.Convert(file));
}
