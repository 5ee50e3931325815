namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The answer to a cancel that found nothing to cancel. It is benign, for what was to stop has stopped, and it says that the place is free. It is told by its code, by the sentence that
/// services without codes send, and by nothing else, so that it needs no event id: no other client event is answered like this.
/// </summary>
internal static class NothingRunsForACancel
{
    /// <summary>The rule by which the error means nothing to the application.</summary>
    public const string Rule = "CX-02";

    [LifecycleRule("CX-02")]
    public static bool Says(in SessionFact error) =>
        error.ErrorCode.SequenceEqual("response_cancel_not_active"u8)
        || (error.ErrorCode.IsEmpty && error.ErrorMessage.StartsWith("Cancellation failed: no active response"u8));
}
