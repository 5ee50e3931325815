namespace Realtime.Protocol.Testing.Hosting.Frames;

/// <summary>What kind of thing a client's bytes brought.</summary>
internal enum ClientFrameKind
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>A whole message, in UTF-8.</summary>
    Text,

    /// <summary>A ping, to be answered with its payload.</summary>
    Ping,

    /// <summary>A pong.</summary>
    Pong,

    /// <summary>The client's goodbye.</summary>
    Close,

    /// <summary>The client broke the rules of frames.</summary>
    Broken,
}

/// <summary>One thing that a client's bytes brought.</summary>
internal readonly ref struct ClientFrame(ClientFrameKind kind, ReadOnlySpan<byte> payload, int closeCode = 0, string fault = "")
{
    public ClientFrameKind Kind { get; } = kind;

    /// <summary>Unmasked; of a goodbye, its reason.</summary>
    public ReadOnlySpan<byte> Payload { get; } = payload;

    /// <summary>Of a goodbye its code, <see cref="Frames.CloseCode.None"/> when it has none; of what is broken the code that it deserves.</summary>
    public int CloseCode { get; } = closeCode;

    /// <summary>One sentence for the client about what is broken.</summary>
    public string Fault { get; } = fault;
}

/// <summary>A rule of frames that a client broke: the code of the goodbye, and one sentence for it.</summary>
internal readonly record struct FrameFault(int CloseCode, string Sentence)
{
    public ClientFrame ToFrame() => new(ClientFrameKind.Broken, default, CloseCode, Sentence);
}

/// <summary>The kinds of frames (RFC 6455, 5.2).</summary>
internal enum FrameOpcode
{
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA,
}
