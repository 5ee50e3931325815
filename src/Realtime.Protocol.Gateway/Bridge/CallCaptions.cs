namespace Realtime.Protocol.Gateway;

/// <summary>A protocol that has a frame for what is said in writing, where captions are wanted.</summary>
internal interface ICallCaptions;

/// <summary>What both sides say, in writing, piece by piece as it comes.</summary>
internal static class CallCaptions
{
    public static async Task WriteAsync(Turn turn, CallLine line, CancellationToken stop)
    {
        await foreach (TurnUpdate update in turn.ReadUpdatesAsync(stop).ConfigureAwait(false))
        {
            if (update is TurnUpdate.TranscriptDelta piece)
            {
                await WriteAsync(line, new(IsCaller: false, turn.Number, piece.Text, IsFinal: false)).ConfigureAwait(false);
            }
        }

        await WriteAsync(line, new(IsCaller: false, turn.Number, "", IsFinal: true)).ConfigureAwait(false);
    }

    public static async Task WriteAsync(Utterance utterance, int number, CallLine line, CancellationToken stop)
    {
        await foreach (string piece in utterance.ReadTranscriptAsync(stop).ConfigureAwait(false))
        {
            await WriteAsync(line, new(IsCaller: true, number, piece, IsFinal: false)).ConfigureAwait(false);
        }

        UtteranceResult result = await utterance.Completion.WaitAsync(stop).ConfigureAwait(false);
        await WriteAsync(line, new(IsCaller: true, number, result.Transcript ?? "", IsFinal: true)).ConfigureAwait(false);
    }

    private static ValueTask<bool> WriteAsync(CallLine line, CallCaption caption) =>
        line.SendAsync(static (protocol, frames, caption) => protocol.WriteCaption(frames, in caption), caption);
}
