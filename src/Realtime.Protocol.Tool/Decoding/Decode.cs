using System.Buffers;
using System.Globalization;
using System.Text;
using Realtime.Protocol.CommandLine.Timeline;

namespace Realtime.Protocol.CommandLine.Decoding;

/// <summary>What <c>realtime decode</c> was asked for.</summary>
internal sealed record DecodeSettings
{
    /// <summary>A file, or <c>-</c> for standard input.</summary>
    public required string File { get; init; }

    public required string Family { get; init; }

    /// <summary>Whether events are printed as our writer writes them, instead of a line about each.</summary>
    public bool Json { get; init; }

    /// <summary>Whether an event that is not known is an error.</summary>
    public bool Strict { get; init; }
}

/// <summary>
/// <c>realtime decode</c>: one event a line, read by the strict reader. It streams, so a file of any size takes the memory
/// of its longest line. What it prints about an event is its number, its direction, its type and what was found.
/// </summary>
internal sealed class Decode(DecodeSettings settings, Surroundings world)
{
    private readonly ArrayBufferWriter<byte> _text = new(4096);
    private readonly EventDecoder _decoder = EventDecoder.Families[settings.Family](EventFile.MaxMessageBytes);
    private bool _foundFault;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await DecodeAsync(cancellationToken);
        }
        catch (IOException failure) when (StandardOutput.IsClosed(failure))
        {
            // Whoever reads has seen enough, as in "decode FILE | head": what follows was not asked about.
            return _foundFault ? ExitCode.DoneWithProblems : ExitCode.Done;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What can't be read was explained where it was read, so this is the other side.
            throw new ToolException(ExitCode.UnusableInput, $"Standard output can't be written to its end: {failure.Message}", failure);
        }
    }

    private async Task<ExitCode> DecodeAsync(CancellationToken cancellationToken)
    {
        await using Stream source = EventFile.Open(settings.File, world.AudioIn);
        await using var output = new BufferedStream(new UnownedStream(world.AudioOut), 64 * 1024);
        var lines = new LineSplitter(source, EventFile.MaxLineBytes);
        while (await EventFile.ReadAsync(lines, settings.File, cancellationToken))
        {
            _text.ResetWrittenCount();
            Describe(lines);
            await output.WriteAsync(_text.WrittenMemory, cancellationToken);
            if (!lines.HoldsNext)
            {
                // The next line may be long in coming: behind a pipe that is being written to, what was found shows at once.
                await output.FlushAsync(cancellationToken);
            }
        }

        await output.FlushAsync(cancellationToken);
        return _foundFault ? ExitCode.DoneWithProblems : ExitCode.Done;
    }

    private void Describe(LineSplitter lines)
    {
        if (lines.IsTooLong)
        {
            Fault(lines.Number, EventFile.MaxLineBytes, $"the line holds more than {EventFile.MaxLineBytes.ToString(CultureInfo.InvariantCulture)} bytes");
            return;
        }

        int mark = EventFile.MarkIn(lines);
        ReadOnlySpan<byte> line = lines.Line.Span[mark..];
        if (EventFile.IsBlank(line))
        {
            return;
        }

        RecordedLine recorded = RecordedLine.Read(line);
        int start = mark + recorded.Offset;
        if (!recorded.HasEvent)
        {
            return;
        }

        DecodedEvent decoded;
        try
        {
            decoded = _decoder.Decode(recorded.Json, recorded.Sender, settings.Json ? _text : null);
        }
        catch (ArgumentException refused)
        {
            // The writer is stricter than the reader: a service may send more metadata than it takes.
            Fault(lines.Number, start, $"it can be read, but not written: {Printable.Line(refused.Message)}");
            return;
        }

        if (!decoded.WasRead)
        {
            Fault(lines.Number, start + decoded.Error.Offset, decoded.Error.Message);
            return;
        }

        if (settings.Json)
        {
            _text.Write("\n"u8);
        }

        if (!decoded.IsKnown && settings.Strict)
        {
            _foundFault = true;
        }

        if (!settings.Json)
        {
            string sender = decoded.Sender switch { EventSender.Client => "client", EventSender.Server => "server", _ => "-" };
            Print($"{lines.Number.ToString(CultureInfo.InvariantCulture)} {sender} {Printable.Line(decoded.Type)} {(decoded.IsKnown ? "ok" : "unknown")}\n");
        }
        else if (!decoded.IsKnown && settings.Strict)
        {
            world.Error.WriteLine($"{lines.Number.ToString(CultureInfo.InvariantCulture)} {Printable.Line(decoded.Type)} unknown");
        }
    }

    /// <summary>A fault is part of what was found; beside events printed as JSON it would be in their way.</summary>
    private void Fault(long number, int offset, string reason)
    {
        _foundFault = true;
        string text = $"{number.ToString(CultureInfo.InvariantCulture)} error at byte {offset.ToString(CultureInfo.InvariantCulture)}: {reason}";
        if (settings.Json)
        {
            _text.ResetWrittenCount();
            world.Error.WriteLine(text);
        }
        else
        {
            Print(text + "\n");
        }
    }

    private void Print(string text) => _text.Write(Encoding.UTF8.GetBytes(text));
}
