namespace Realtime.Protocol.Testing.Grammar;

/// <summary>What a client does wrong below its events, where only whoever holds the connection sees it.</summary>
internal enum WireMisdeed
{
    /// <summary>It sent a binary message.</summary>
    Binary,

    /// <summary>It does not read what it is sent, and was given up.</summary>
    ReadsTooSlowly,

    /// <summary>It does not answer pings, and was given up.</summary>
    NoPong,

    /// <summary>Its connection ended without a close frame.</summary>
    LeftWithoutGoodbye,

    /// <summary>It showed an API key as a browser's subprotocol.</summary>
    KeyInBrowser,

    /// <summary>It showed a client secret that has run out.</summary>
    SecretExpired,
}
