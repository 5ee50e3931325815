namespace Realtime.Protocol.Transport;

/// <summary>The texts of a translation that its reader has not read yet. Past the bound the oldest go: subtitles that are an hour late help nobody.</summary>
internal sealed class TranslationFeed : Feed<TranslationText>
{
    /// <summary>About an hour of both sides.</summary>
    internal const int MaxWaiting = 16_384;

    private static readonly long LongestMilliseconds = (long)TimeSpan.MaxValue.TotalMilliseconds;

    private TimeSpan _at;

    /// <summary>Takes one piece. One that does not say when it belongs, belongs where the last one did.</summary>
    public void Add(TranslationSide side, TextView text, Field<long> elapsed)
    {
        if (elapsed.HasValue)
        {
            _at = TimeSpan.FromMilliseconds(Math.Clamp(elapsed.Value, 0, LongestMilliseconds));
        }

        if (text.MaxLength > 0)
        {
            Add(new TranslationText(side, text.ToString(), _at));
        }
    }

    protected override void Put(TranslationText update)
    {
        if (Waiting.Count == MaxWaiting)
        {
            Waiting.Dequeue();
        }

        Waiting.Enqueue(update);
    }
}
