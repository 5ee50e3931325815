using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Asks the application whether a call of a remote MCP server may be made: each question on the pool, all at the same time, each with its own cancellation. It says what came of it, and
/// answers nothing itself.
/// </summary>
internal sealed class ApprovalRunner(ILogger logger)
{
    private readonly Lock _lock = new();
    private Dictionary<string, CancellationTokenSource>? _asked;
    private bool _stopped;

    /// <summary>Asks, and returns at once.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="approve">Who is asked.</param>
    /// <param name="finish">Gets the answer and what was thrown, from the pool. Not called when somebody who obeys a cancellation gives no answer.</param>
    public void Start(McpApprovalRequest request, Func<McpApprovalRequest, CancellationToken, ValueTask<bool>> approve, Action<bool, Exception?> finish)
    {
        var cancellation = new CancellationTokenSource();
        lock (_lock)
        {
            if (_stopped || !(_asked ??= new(StringComparer.Ordinal)).TryAdd(request.ItemId, cancellation))
            {
                return;
            }
        }

        _ = Task.Run(() => RunAsync(request, approve, cancellation.Token, finish));
    }

    /// <summary>Nobody waits for the answer any more.</summary>
    public void Cancel(string itemId)
    {
        lock (_lock)
        {
            if (_asked?.GetValueOrDefault(itemId) is { } cancellation)
            {
                Callbacks.Cancel(cancellation, "an approval", logger);
            }
        }
    }

    /// <summary>Cancels every question and asks no more.</summary>
    public void CancelAll()
    {
        lock (_lock)
        {
            _stopped = true;
            foreach (CancellationTokenSource cancellation in _asked?.Values ?? Enumerable.Empty<CancellationTokenSource>())
            {
                Callbacks.Cancel(cancellation, "an approval", logger);
            }
        }
    }

    private async Task RunAsync(McpApprovalRequest request, Func<McpApprovalRequest, CancellationToken, ValueTask<bool>> approve, CancellationToken cancellation, Action<bool, Exception?> finish)
    {
        bool isApproved = false;
        bool isAnswered = true;
        Exception? failure = null;
        try
        {
            isApproved = await approve(request, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            isAnswered = false;
        }
        catch (Exception thrown)
        {
            failure = thrown;
            isAnswered = !cancellation.IsCancellationRequested;
        }

        lock (_lock)
        {
            _asked!.Remove(request.ItemId);
        }

        if (isAnswered)
        {
            finish(isApproved, failure);
        }
    }
}
