namespace Realtime.Protocol.Transport;

/// <summary>The configuration of a session that goes on: what the application states now, and what was in force before where it states nothing. Tools have code, so they are only the application's.</summary>
internal static class ConfigurationRestoring
{
    public static SessionConfiguration Over(Session? restored, SessionConfiguration stated)
    {
        if (restored is null)
        {
            return stated;
        }

        SessionConfiguration before = ConfigurationReading.Over(new(), restored);
        return stated with
        {
            Instructions = stated.Instructions ?? before.Instructions,
            Voice = stated.Voice ?? before.Voice,
            Speed = stated.Speed ?? before.Speed,
            Modality = stated.Modality ?? before.Modality,
            TurnTaking = stated.TurnTaking ?? before.TurnTaking,
            Transcription = stated.Transcription ?? before.Transcription,
            NoiseReduction = stated.NoiseReduction ?? before.NoiseReduction,
            ToolUse = stated.ToolUse ?? before.ToolUse,
            ParallelToolCalls = stated.ParallelToolCalls ?? before.ParallelToolCalls,
            MaxOutputTokens = stated.MaxOutputTokens ?? before.MaxOutputTokens,
            ReasoningEffort = stated.ReasoningEffort ?? before.ReasoningEffort,
            Truncation = stated.Truncation ?? before.Truncation,
        };
    }
}
