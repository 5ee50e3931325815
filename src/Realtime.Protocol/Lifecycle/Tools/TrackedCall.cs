namespace Realtime.Protocol.Lifecycle;

/// <summary>One tool call of the model, kept by the item that makes it: an item exists once, a <c>call_id</c> may come again.</summary>
internal sealed class TrackedCall(TrackedItem item)
{
    public TrackedItem Item { get; } = item;

    public string CallId { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>JSON text; kept until the application is told, or until nobody will be, no longer.</summary>
    public string Arguments { get; set; } = "";

    /// <summary>The same, as the application is told it.</summary>
    public string ArgumentsOrNone => OrNone(Arguments);

    /// <summary>A server may state no arguments as an empty text, which is no JSON.</summary>
    public static string OrNone(string arguments) => arguments.Length == 0 ? "{}" : arguments;

    public CallEvidence Evidence { get; set; }

    /// <summary>Its item ended before it was completed, so its arguments may be cut off anywhere: it is never run.</summary>
    public bool IsHalfMade { get; set; }

    public CallState State { get; set; }

    /// <summary>The turn that waits for its output; there is one as soon as it is <see cref="CallState.Ready"/>.</summary>
    public TurnState? Turn { get; set; }

    /// <summary>It has its output, and the model need not speak about it.</summary>
    public bool IsSilent { get; set; }

    /// <summary>An output may still be given for it, though its time is up or its item gone: it is dropped.</summary>
    public bool MayBeLate { get; set; }
}
