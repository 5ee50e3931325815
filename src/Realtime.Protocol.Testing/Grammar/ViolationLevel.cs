namespace Realtime.Protocol.Testing.Grammar;

/// <summary>How bad it is that a client broke a rule; a higher value is worse.</summary>
public enum ViolationLevel
{
    /// <summary>The client could not have known: what made its event wrong left the server less than 500 ms before. It is listed and never counted.</summary>
    Race,

    /// <summary>It costs time, money or knowledge, and nothing is wrong afterwards.</summary>
    Wasteful,

    /// <summary>The service said no: what the client asked for did not happen.</summary>
    Refused,

    /// <summary>It was taken, and the conversation is wrong now.</summary>
    Harmful,
}
