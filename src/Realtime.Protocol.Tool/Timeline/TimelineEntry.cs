using System.Globalization;

namespace Realtime.Protocol.CommandLine.Timeline;

/// <summary>Who an entry is about.</summary>
internal enum Speaker
{
    Session,
    You,
    Model,
    Tool,
}

/// <summary>One line of the timeline: when, since the program set out to connect, who, and what, in words that are safe to print.</summary>
internal readonly record struct TimelineEntry(TimeSpan At, Speaker Who, string Text)
{
    /// <summary>The time as the timeline shows it.</summary>
    public string Time => string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds,8:0.000} s");

    /// <summary>The speaker as the timeline shows it.</summary>
    public string Name => Who.ToString().ToLowerInvariant();

    /// <summary>The line without colours.</summary>
    public override string ToString() => $"{Time}  {Name,-7}  {Text}";
}
