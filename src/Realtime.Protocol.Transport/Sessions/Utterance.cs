using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

namespace Realtime.Protocol;

/// <summary>
/// One stretch of the user's speech: the mirror image of a <see cref="Turn"/>. Its words come from another model than the one that answers, when they like: before the answer, after it, or never. Nothing of it has
/// to be read for the session to go on.
/// </summary>
[DebuggerDisplay("Utterance {ItemId}")]
public sealed class Utterance
{
    // A text on the stack; a longer one is rented.
    private const int StackChars = 256;

    private readonly TaskCompletionSource<UtteranceResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<bool> _arrived = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private readonly StringBuilder _unread = new();
    private string _itemId = "";
    private Place? _start;
    private Place? _end;

    internal Utterance(int number) => Number = number;

    /// <summary>The item of the conversation that it becomes; empty until the server has named it. A commit names it at the latest.</summary>
    public string ItemId => Volatile.Read(ref _itemId);

    /// <summary>Where the server heard it begin, in all the audio that the session has sent (<see cref="AudioInput.Sent"/>), whatever connection it went over; null where the server does not detect speech, or does not say.</summary>
    public TimeSpan? Start => Volatile.Read(ref _start)?.Position;

    /// <summary>Where the server heard it end, with the silence by which it knew; null while it goes on, and where the server does not detect speech, or does not say.</summary>
    public TimeSpan? End => Volatile.Read(ref _end)?.Position;

    /// <summary>Its end. It never fails: a transcription that failed or never came and a lost connection are outcomes.</summary>
    public Task<UtteranceResult> Completion => _completion.Task;

    /// <summary>
    /// The transcript as it comes, in pieces, until the utterance ends. One reader; what nobody has read yet is one piece. The whole text in <see cref="UtteranceResult.Transcript"/> has the last word: it may differ
    /// from the pieces.
    /// </summary>
    /// <param name="cancellationToken">Stops the enumeration.</param>
    public async IAsyncEnumerable<string> ReadTranscriptAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // An earlier reader may have left some, and has taken their signal.
        _arrived.Writer.TryWrite(true);
        bool goesOn = true;
        while (goesOn)
        {
            goesOn = await _arrived.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
            _arrived.Reader.TryRead(out _);
            if (TakeUnread() is { Length: > 0 } piece)
            {
                yield return piece;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Item and state; never what was said.</summary>
    public override string ToString() => $"Utterance {ItemId}, {(Completion.IsCompletedSuccessfully ? Completion.Result.ToString() : "open")}";

    // From here on: called by the host, under the gate's lock.
    internal int Number { get; }

    /// <summary>A reader of utterances can see it.</summary>
    internal bool IsShown { get; set; }

    /// <summary>When the user was done: the last byte of speech was handed to the socket. Null where the server does not say where that is.</summary>
    internal long? DoneAt { get; set; }

    /// <summary>When the server said that it is an item.</summary>
    internal long? CommittedAt { get; set; }

    internal void Name(string? itemId) => Volatile.Write(ref _itemId, itemId ?? _itemId);

    internal void StartAt(long? milliseconds, TimeSpan began) => Volatile.Write(ref _start, _start ?? Place.Of(milliseconds, began));

    internal void EndAt(long? milliseconds, TimeSpan began) => Volatile.Write(ref _end, Place.Of(milliseconds, began) ?? _end);

    internal void Take(ReadOnlySpan<byte> piece)
    {
        char[]? rented = null;
        int most = Encoding.UTF8.GetMaxCharCount(piece.Length);
        Span<char> chars = most <= StackChars ? stackalloc char[StackChars] : rented = ArrayPool<char>.Shared.Rent(most);
        int length = Encoding.UTF8.GetChars(piece, chars);
        lock (_lock)
        {
            _unread.Append(chars[..length]);
        }

        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        _arrived.Writer.TryWrite(true);
    }

    internal void Complete(UtteranceResult result)
    {
        _arrived.Writer.TryComplete();
        _completion.TrySetResult(result);
    }

    private string TakeUnread()
    {
        lock (_lock)
        {
            string piece = _unread.ToString();
            _unread.Clear();
            return piece;
        }
    }

    // A class, so that it is read whole from any thread.
    private sealed record Place(TimeSpan Position)
    {
        // A server can say any number, and not every number is a time.
        public static Place? Of(long? milliseconds, TimeSpan began) =>
            milliseconds is { } stated ? new(began + TimeSpan.FromMilliseconds(Math.Clamp(stated, 0, (long)(TimeSpan.MaxValue - began).TotalMilliseconds - 1))) : null;
    }
}
