using System.IO.Pipelines;

namespace Realtime.Protocol.Transport;

/// <summary>The input of a translation, which is translated as it comes: nothing of it can be taken back.</summary>
internal sealed class TranslationInput(PipeWriter pipe, SessionGate gate) : InputPipe(pipe, AudioEncoding.Pcm16)
{
    public override TimeSpan Sent => gate.Sent.Duration;

    public override Task<Utterance> CommitAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException("A translation has no turns to end; it is translated as it comes.");

    public override void Clear() => throw new NotSupportedException("A translation keeps no input that could be thrown away; it is translated as it comes.");

    protected override bool TryAdd(long bytes) => gate.AddAudio(bytes);
}
