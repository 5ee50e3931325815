namespace Realtime.Protocol.Lifecycle;

/// <summary>What a refused create does next.</summary>
internal enum RefusedCreate
{
    /// <summary>It has failed, and its turn with it.</summary>
    Fail,

    /// <summary>The response in its way has ended meanwhile: send it again.</summary>
    SendAgain,

    /// <summary>It goes back to the head of the queue and waits for the response that the server named.</summary>
    WaitForNamed,

    /// <summary>It goes back to the head of the queue; which response is in the way is not known.</summary>
    WaitForUnnamed,
}

/// <summary>
/// A create that met another running response was neither wrong nor is it lost: it waits for that response and is sent once more, at most <see cref="MachineSettings.MaxCreateAttempts"/>
/// times. Any other refusal is the create's own fault and ends it. Only an error that names our event id, or names none while one create is on the wire, is about our create.
/// </summary>
internal static class WaitForTheResponseInTheWay
{
    private static ReadOnlySpan<byte> BusyCode => "conversation_already_has_active_response"u8;

    // Services of 2024 sent this sentence with no code.
    private static ReadOnlySpan<byte> BusyMessage => "Conversation already has an active response"u8;

    [LifecycleRule("RC-04")]
    public static bool IsAbout(in SessionFact error, Create? outstanding) =>
        outstanding?.EventId is { } eventId
        && (Utf8IdComparer.Instance.Equals(error.ErrorEventId, eventId) || (error.ErrorEventId.IsEmpty && IsBusy(error)));

    [LifecycleRule("RC-05")]
    public static RefusedCreate Next(in SessionFact error, Create create, TrackedResponse? inTheWay, bool isNamed, int maxAttempts)
    {
        if (!IsBusy(error) || create.Refusals >= maxAttempts)
        {
            return RefusedCreate.Fail;
        }

        return (isNamed, inTheWay) switch
        {
            (true, { IsDone: true }) => RefusedCreate.SendAgain,
            (true, _) => RefusedCreate.WaitForNamed,
            _ => RefusedCreate.WaitForUnnamed,
        };
    }

    /// <summary>The error says that another response runs.</summary>
    public static bool IsBusy(in SessionFact error) =>
        error.ErrorCode.SequenceEqual(BusyCode) || (error.ErrorCode.IsEmpty && error.ErrorMessage.StartsWith(BusyMessage));

    /// <summary>The response that the error's message names; empty when it names none, or one that is too long for an id. The id stands nowhere else.</summary>
    public static ReadOnlySpan<byte> NamedIn(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> before = "in progress: "u8;
        int at = message.IndexOf(before);
        if (at < 0)
        {
            return default;
        }

        ReadOnlySpan<byte> id = message[(at + before.Length)..];
        int end = id.IndexOfAny(". "u8);
        id = end < 0 ? id : id[..end];
        return id.Length <= SessionMachine.MaxIdBytes ? id : default;
    }
}
