namespace Realtime.Protocol.Analyzers.Tests.Verification;

/// <summary>The libraries that a test source knows, beside the framework.</summary>
[Flags]
public enum Knows
{
    Nothing = 0,

    /// <summary>Our core: events, attributes, writers.</summary>
    Ours = 1,

    /// <summary>Our session as well; say <c>Knows.Ours | Knows.Session</c>.</summary>
    Session = 2,

    /// <summary>The official SDK of today, the real package.</summary>
    OpenAI = 4,

    /// <summary>Microsoft.Extensions.AI.Abstractions, the real package.</summary>
    ExtensionsAI = 8,

    /// <summary>The official SDK as a beta, as a stub: two versions of one package cannot be referenced.</summary>
    OpenAIBeta = 16,

    /// <summary>Azure.AI.VoiceLive, as a stub: our feeds do not have the package.</summary>
    VoiceLive = 32,

    /// <summary>Newtonsoft.Json, the real package.</summary>
    NewtonsoftJson = 64,

    /// <summary>Our simulator, for programs that run; say <c>Knows.Ours | Knows.Session | Knows.Testing</c>.</summary>
    Testing = 128,
}
