namespace Realtime.Protocol;

/// <summary>
/// What sessions tell an observer: spans and metrics, by <see cref="System.Diagnostics"/> alone. Which they are, with their attributes, the section "Observability" of the README says. They never hold a credential,
/// instructions, a transcript, arguments, an output or audio. While nobody listens nothing is made, and an audio event costs nothing either way.
/// </summary>
public static class RealtimeTelemetry
{
    /// <summary>The name of the one <see cref="System.Diagnostics.Metrics.Meter"/> and of the one <see cref="System.Diagnostics.ActivitySource"/>, as OpenTelemetry's <c>AddMeter</c> and <c>AddSource</c> take it.</summary>
    public const string Name = "Realtime.Protocol";
}
