using System.Globalization;
using Realtime.Protocol.CommandLine.Decoding;
using Realtime.Protocol.CommandLine.Talking;
using Realtime.Protocol.CommandLine.Timeline;

namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>What <c>realtime view</c> was asked for.</summary>
internal sealed record ViewSettings
{
    /// <summary>Files and folders, or <c>-</c> for standard input.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Where the page goes, or <c>-</c>; null where it is usual.</summary>
    public string? Out { get; init; }

    /// <summary>Whether what was said is shown, and what tools were told and told.</summary>
    public bool WithContent { get; init; }

    /// <summary>A file of prices.</summary>
    public string? Prices { get; init; }

    public bool Json { get; init; }
}

/// <summary>
/// <c>realtime view</c>: recorded sessions on one page. It streams, so a log of any length takes the memory of what there is to see of it; the page is written when every log was
/// read, so that a log which is none leaves an earlier page as it was.
/// </summary>
internal sealed class View(ViewSettings settings, Surroundings world)
{
    private const string UsualPage = "call.html";
    private const int MostLanes = 64;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        TokenPrices? prices = Files.ReadPrices(settings.Prices);
        string[] logs = [.. settings.Files.SelectMany(LogsOf)];
        if (logs.Length > MostLanes)
        {
            throw new ToolException(ExitCode.UnusableInput, $"These are {Number(logs.Length)} logs, and a page holds {Number(MostLanes)}. Name fewer.");
        }

        string? page = settings.Out ?? (settings.Json ? null : UsualPage);
        ThrowIfOverwritten(page, logs);
        if (settings.Json && page == TalkSettings.Pipe)
        {
            throw new ToolException(ExitCode.UnusableInput, "--json and --out - both want standard output. Name a file for the page.");
        }

        var lanes = new List<CallLane>();
        var complaints = new List<string>();
        foreach (string log in logs)
        {
            if (await ReadAsync(log, prices, complaints, cancellationToken) is { } lane)
            {
                lanes.Add(lane);
            }
        }

        if (lanes.Count == 0)
        {
            string where = logs is [string only] ? NameOf(only) : "these files";
            throw new ToolException(ExitCode.UnusableInput, complaints is [string reason, ..] ? reason : $"There is no event in {where}. A line is an event with its sender, such as {{\"dir\":\"client\",\"event\":{{…}}}}.");
        }

        ReadOnlyMemory<byte> picture = PictureJson.Write(new CallPicture(lanes, settings.WithContent));
        if (settings.Json)
        {
            await WriteOutAsync([picture, "\n"u8.ToArray()], cancellationToken);
        }

        if (page is not null)
        {
            await WritePageAsync(page, Page.Of(picture), cancellationToken);
        }

        complaints.ForEach(world.Error.WriteLine);
        return complaints.Count > 0 ? ExitCode.DoneWithProblems : ExitCode.Done;
    }

    private static IEnumerable<string> LogsOf(string file)
    {
        if (!Directory.Exists(file))
        {
            return [file];
        }

        string[] found;
        try
        {
            found = [.. Directory.EnumerateFiles(file, "*.jsonl").Order(StringComparer.Ordinal)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(ExitCode.UnusableInput, $"{file} can't be read: {failure.Message}", failure);
        }

        return found.Length > 0 ? found : throw new ToolException(ExitCode.UnusableInput, $"There is no log in the folder {file}: no file whose name ends in .jsonl.");
    }

    // A log can't be made again.
    private static void ThrowIfOverwritten(string? page, string[] logs)
    {
        if (page is not null and not TalkSettings.Pipe && Array.Exists(logs, log => log != TalkSettings.Pipe && Path.GetFullPath(log) == Path.GetFullPath(page)))
        {
            throw new ToolException(ExitCode.UnusableInput, $"{page} (--out) is the log itself. Name another file for the page.");
        }
    }

    private async Task<CallLane?> ReadAsync(string log, TokenPrices? prices, List<string> complaints, CancellationToken cancellationToken)
    {
        await using Stream source = EventFile.Open(log, world.AudioIn);
        var lines = new LineSplitter(source, EventFile.MaxLineBytes);
        var reader = new PictureReader(log == TalkSettings.Pipe ? "standard input" : Path.GetFileName(log), settings.WithContent, prices);
        while (await EventFile.ReadAsync(lines, log, cancellationToken))
        {
            reader.Read(lines);
        }

        if (reader.Faults > 0)
        {
            string more = reader.Faults == 1 ? "" : $"; {Number(reader.Faults)} lines are none";
            string none = reader.Events > 0 ? "" : " There is no event in it.";
            complaints.Add($"{NameOf(log)}, line {Number(reader.FirstFaultLine)}: {Printable.Line(reader.FirstFault!).TrimEnd('.')}{more}.{none}");
        }
        else if (reader.Events == 0)
        {
            complaints.Add($"There is no event in {NameOf(log)}. A line is an event with its sender, such as {{\"dir\":\"client\",\"event\":{{…}}}}.");
        }

        return reader.Events == 0 ? null : reader.Build();
    }

    private async Task WritePageAsync(string page, IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        if (page == TalkSettings.Pipe)
        {
            await WriteOutAsync(parts, cancellationToken);
            return;
        }

        try
        {
            await using var file = new FileStream(page, FileMode.Create, FileAccess.Write, FileShare.Read);
            foreach (ReadOnlyMemory<byte> part in parts)
            {
                await file.WriteAsync(part, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ToolException(ExitCode.UnusableInput, $"{page} (--out) can't be written: {failure.Message}", failure);
        }
    }

    private async Task WriteOutAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        try
        {
            foreach (ReadOnlyMemory<byte> part in parts)
            {
                await world.AudioOut.WriteAsync(part, cancellationToken);
            }

            await world.AudioOut.FlushAsync(cancellationToken);
        }
        catch (IOException failure) when (StandardOutput.IsClosed(failure))
        {
            // Whoever reads has seen enough.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(ExitCode.UnusableInput, $"Standard output can't be written to its end: {failure.Message}", failure);
        }
    }

    private static string NameOf(string log) => log == TalkSettings.Pipe ? "standard input" : log;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
