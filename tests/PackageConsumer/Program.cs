using System.Buffers;
using Realtime.Protocol.Events;

// Compiled against the packages: the public surface is there, and the analyzers came with it.
var output = new ArrayBufferWriter<byte>();
byte[] audio = new byte[4_800];
EventWriter.Write(output, new InputAudioBufferAppend { Audio = audio });
#if MISTAKES
EventWriter.Write(output, new ResponseCreate());
EventWriter.Write(output, new InputAudioBufferAppend { Audio = System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(audio)) });
Func<Realtime.Protocol.VoiceSession, ValueTask<System.IO.Pipelines.FlushResult>> say = session => session.Input.WriteAsync(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(audio)));
_ = say;
#endif
Console.WriteLine($"{output.WrittenCount} bytes on the wire for {audio.Length} bytes of audio");
