using Realtime.Protocol.Testing.Simulation.Conversation;

namespace Realtime.Protocol.Testing.Simulation.Responses;

/// <summary>
/// Counts tokens by rules of thumb: four characters of text are one, 100 ms of the user's speech are one, 50 ms of the model's are one.
/// The sums are consistent; what they are worth is the service's affair.
/// </summary>
internal static class TokenCount
{
    private const int CharactersPerToken = 4;
    private const int HeardMsPerToken = 100;
    private const int SpokenMsPerToken = 50;

    public static long Text(int characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;

    public static long Heard(long milliseconds) => milliseconds / HeardMsPerToken;

    public static long Spoken(long milliseconds) => milliseconds / SpokenMsPerToken;

    /// <summary>The usage of a response.</summary>
    /// <param name="read">What the model read.</param>
    /// <param name="instructions">How it was to behave.</param>
    /// <param name="made">What it made.</param>
    public static Usage Of(IReadOnlyList<SimulatedItem> read, string instructions, IReadOnlyList<SimulatedItem> made)
    {
        long inputText = Text(instructions.Length) + read.Sum(TextOf);
        long inputAudio = read.Sum(static item => item.Parts.Sum(static part => Heard(part.AudioMs)));
        long outputText = made.Sum(TextOf);
        long outputAudio = made.Sum(static item => item.Parts.Sum(static part => Spoken(part.AudioMs)));
        return new()
        {
            TotalTokens = inputText + inputAudio + outputText + outputAudio,
            InputTokens = inputText + inputAudio,
            OutputTokens = outputText + outputAudio,
            InputTokenDetails = new InputTokenDetails
            {
                TextTokens = inputText,
                AudioTokens = inputAudio,
                ImageTokens = 0,
                CachedTokens = 0,
                CachedTokensDetails = new CachedTokensDetails { TextTokens = 0, AudioTokens = 0, ImageTokens = 0 },
            },
            OutputTokenDetails = new OutputTokenDetails { TextTokens = outputText, AudioTokens = outputAudio },
        };
    }

    private static long TextOf(SimulatedItem item) =>
        Text(item.Arguments.Length + item.Output.Length) + item.Parts.Sum(static part => Text(part.Text.Length + (part.Transcript?.Length ?? 0)));
}
