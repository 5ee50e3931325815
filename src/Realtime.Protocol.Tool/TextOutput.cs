using System.Globalization;
using System.Text;

namespace Realtime.Protocol.CommandLine;

/// <summary>
/// Text for people and scripts. What can't be written is remembered instead of thrown, and the rest is left out: a full disk
/// under the timeline must not end a conversation that goes well. <see cref="ToolCommands"/> tells of it at the end.
/// </summary>
internal sealed class TextOutput(TextWriter inner) : TextWriter(CultureInfo.InvariantCulture)
{
    /// <summary>Why the text is incomplete; null when it is not.</summary>
    public Exception? Failure { get; private set; }

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Attempt(value, static (inner, value) => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value) => Attempt(value, static (inner, value) => inner.Write(value));

    // In one piece: several may write lines at once.
    public override void WriteLine(string? value) => Attempt(value, static (inner, value) => inner.WriteLine(value));

    public override void Flush() => Attempt(0, static (inner, _) => inner.Flush());

    private void Attempt<T>(T value, Action<TextWriter, T> write)
    {
        if (Failure is not null)
        {
            return;
        }

        try
        {
            write(inner, value);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Failure = failure;
        }
    }
}
