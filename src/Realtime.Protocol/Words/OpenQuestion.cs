namespace Realtime.Protocol;

/// <summary>A turn that was not answered to the end when a checkpoint was taken.</summary>
/// <param name="Turn">Its number; 0 when the server owed an answer that had not begun.</param>
/// <param name="WasSent">False when the request had not left yet. True when it had, or when the server was to answer by itself, and the answer was not heard to its end.</param>
/// <param name="Request">What the request stated, as the <c>response</c> of a <c>response.create</c>; absent when it stated nothing. Secrets are left out of it as of the configuration.</param>
public sealed record OpenQuestion(int Turn, bool WasSent, RawJson Request)
{
    /// <summary>The turn and how far it had come.</summary>
    public override string ToString() => $"Turn {Turn}, {(WasSent ? "not heard out" : "not sent")}";
}
