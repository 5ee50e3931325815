using System.Buffers;
using System.Text;
using System.Text.Json;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Frames;

/// <summary>What the machine sent, as the command that it decided on and as the bytes that <see cref="CommandWriter"/> made of it. Frames are judged by their bytes.</summary>
internal sealed record SentFrame(SessionCommand Command, byte[] Json)
{
    public static SentFrame Of(SessionCommand command)
    {
        var output = new ArrayBufferWriter<byte>();
        if (command is SessionCommand.UpdateTranslation or SessionCommand.CloseTranslation)
        {
            TranslationCommandWriter.Write(output, command);
        }
        else
        {
            CommandWriter.Write(output, command);
        }

        return new SentFrame(command, output.WrittenSpan.ToArray());
    }

    /// <summary>Asserts the frame's type and whatever the checks look for.</summary>
    public void Check(string type, FrameNames names, params ReadOnlySpan<string> checks)
    {
        string json = ToString();
        FrameNode frame = FrameNode.Raw(json);
        using (JsonDocument.Parse(json))
        {
            Assert.True(frame.Find(["type"])?.ToString() == FrameNode.Quote(type), $"Expected {type}, sent {json}");
        }

        foreach (string check in checks)
        {
            string? fault = FrameChange.Parse(check).FindFault(frame, names);
            Assert.True(fault is null, $"{fault}, in {json}");
        }
    }

    public override string ToString() => Encoding.UTF8.GetString(Json);
}
