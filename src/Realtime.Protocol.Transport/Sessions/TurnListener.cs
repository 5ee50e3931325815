using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What is kept of a turn that has ended while its audio may still play: how far the audio was taken, and the token that tells whoever plays it to be silent. The turn itself, with the audio
/// that nobody has read, lives only as long as the application holds it or its reader.
/// </summary>
internal sealed class TurnListener(ILogger logger)
{
    private readonly CancellationTokenSource _silenced = new();
    private long _taken;

    public CancellationToken Silenced => _silenced.Token;

    /// <summary>Bytes of the stream that its reader has advanced past or holds in its hands. Written by the reader, asked by the gate.</summary>
    public long Taken
    {
        get => Volatile.Read(ref _taken);
        set => Volatile.Write(ref _taken, value);
    }

    /// <summary>As it was told to the machine.</summary>
    public long TakenAsTold { get; set; }

    public void Silence() => Callbacks.Cancel(_silenced, "Turn.Silenced", logger);
}
