using System;

namespace Realtime.Protocol.Analyzers.Apis;

/// <summary>The realtime libraries that rules know, each by the metadata names of its members.</summary>
[Flags]
internal enum Library
{
    None = 0,

    /// <summary>Realtime.Protocol.</summary>
    Ours = 1 << 0,

    /// <summary>OpenAI 2.15 and newer, namespace <c>OpenAI.Realtime</c>.</summary>
    OpenAI = 1 << 1,

    /// <summary>OpenAI 2.1 and its betas, namespace <c>OpenAI.RealtimeConversation</c>.</summary>
    OpenAIBeta = 1 << 2,

    /// <summary>Azure.AI.VoiceLive.</summary>
    VoiceLive = 1 << 3,

    /// <summary>Microsoft.Extensions.AI.Abstractions, the realtime part.</summary>
    ExtensionsAI = 1 << 4,
}
