using System.Buffers;

namespace Realtime.Protocol.Lifecycle;

/// <summary>Turns a command of a translation's machine into the bytes of its client event. Apart from <see cref="CommandWriter"/>, so that a program without translations does not carry their events.</summary>
public static class TranslationCommandWriter
{
    /// <summary>Writes one whole event; nothing for a command of another kind of session.</summary>
    /// <exception cref="ArgumentException">What the application gave does not fit the protocol (text that is not Unicode); nothing was written.</exception>
    public static void Write(IBufferWriter<byte> output, SessionCommand command)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(command);
        switch (command)
        {
            case SessionCommand.UpdateTranslation update:
                Events.Translation.EventWriter.Write(output, new Events.Translation.SessionUpdate { EventId = update.EventId, Session = update.Changes });
                break;
            case SessionCommand.CloseTranslation close:
                Events.Translation.EventWriter.Write(output, new Events.Translation.SessionClose { EventId = close.EventId });
                break;
        }
    }
}
