using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Hosting;

/// <summary>Every log message of this package: counts, times, names of options and keys, never a value of one.</summary>
internal static partial class HostLog
{
    [LoggerMessage(200, LogLevel.Information, "The host stops: {Count} voice sessions drain, for at most {Seconds} s.")]
    public static partial void Draining(ILogger logger, int count, double seconds);

    [LoggerMessage(201, LogLevel.Information, "All {Count} voice sessions have ended.")]
    public static partial void Drained(ILogger logger, int count);

    [LoggerMessage(202, LogLevel.Warning, "{Left} of {Count} voice sessions had not ended in time and were interrupted.")]
    public static partial void BrokenOff(ILogger logger, int left, int count);

    [LoggerMessage(203, LogLevel.Error, "The configuration of the voice sessions \"{Name}\" changed to what can't be connected with, so new sessions keep the last good one. {Why}")]
    public static partial void ReloadRefused(ILogger logger, string name, string why);

    [LoggerMessage(204, LogLevel.Information, "The configuration of the voice sessions \"{Name}\" was read again; it holds for new sessions.")]
    public static partial void Reloaded(ILogger logger, string name);
}
