namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The protocol has a list where a response says whether it speaks or writes, and takes exactly one entry of it: speech brings its transcript along. A request for both is refused here,
/// before the server would refuse the whole create.
/// </summary>
internal static class RespondInOneModality
{
    /// <summary>Null when it may be asked for; otherwise why not.</summary>
    [LifecycleRule("RC-20")]
    public static string? Refusal(ResponseParameters request) => request.OutputModalities.Items.Length > 1
        ? $"You asked for a response of {request.OutputModalities.Items.Length} modalities; the service takes one, and speech brings its transcript."
        : null;
}
