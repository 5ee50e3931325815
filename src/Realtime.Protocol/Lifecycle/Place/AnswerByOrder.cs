namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// A create that was taken for answered by order alone: its response began while it was open, and repeated no token (RC-03). It is kept beside that response as long as that one runs, with all that
/// has to be put back when the server shows that the response was its own: it refuses the create for it, or begins another response that bears the create's token.
/// </summary>
/// <param name="create">The create.</param>
/// <param name="otherwise">Why the response began, if it is the server's own.</param>
internal sealed class AnswerByOrder(Create create, TurnOrigin otherwise)
{
    public Create Create { get; } = create;

    public TurnOrigin Otherwise { get; } = otherwise;

    /// <summary>The turn's newest response before this one.</summary>
    public TrackedResponse? Before { get; } = create.Turn.Response;

    /// <summary>What the answer is to read.</summary>
    public Contribution[] Input { get; } = [.. create.Turn.Input];
}
