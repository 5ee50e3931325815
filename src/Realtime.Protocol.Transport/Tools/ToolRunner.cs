using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Runs tool calls: each on the pool, all at the same time, each with its own cancellation. Every call ends in an output, because the
/// model waits for one: a failure is told as a fixed text, so that no detail of the application reaches the model unasked.
/// </summary>
internal sealed class ToolRunner(VoiceTools tools, ILogger logger)
{
    internal const string FailedOutput = """{"error":"The tool failed."}""";
    internal const string CancelledOutput = """{"error":"The call was cancelled."}""";
    internal const string UnknownOutput = """{"error":"There is no such tool."}""";

    private readonly Dictionary<string, VoiceTool> _tools = tools.ToDictionary(tool => tool.Name, StringComparer.Ordinal);
    private readonly bool _tellsMessages = tools.TellsExceptionMessages;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);
    private bool _stopped;

    /// <summary>Begins a call and returns at once; <paramref name="finish"/> gets its output, and what it threw, from the pool.</summary>
    public void Start(ToolCall call, Action<string, Exception?> finish)
    {
        var cancellation = new CancellationTokenSource();
        lock (_lock)
        {
            if (_stopped || !_running.TryAdd(call.CallId, cancellation))
            {
                cancellation.Dispose();
                return;
            }
        }

        _ = Task.Run(() => RunAsync(call, finish, cancellation));
    }

    /// <summary>Cancels a call that nobody waits for. Its output is still given.</summary>
    public void Cancel(string callId)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(callId, out CancellationTokenSource? cancellation))
            {
                // On the pool: what is registered on the token is the application's code.
                _ = cancellation.CancelAsync();
            }
        }
    }

    /// <summary>Cancels every call and takes no more.</summary>
    public void CancelAll()
    {
        lock (_lock)
        {
            _stopped = true;
            foreach (CancellationTokenSource cancellation in _running.Values)
            {
                _ = cancellation.CancelAsync();
            }
        }
    }

    private async Task RunAsync(ToolCall call, Action<string, Exception?> finish, CancellationTokenSource cancellation)
    {
        string output;
        Exception? failure = null;
        try
        {
            output = _tools.TryGetValue(call.Name, out VoiceTool? tool)
                ? WellFormed(await tool.Run(call, cancellation.Token).ConfigureAwait(false))
                : Unknown(call);
        }
        catch (OperationCanceledException cancelled) when (cancellation.IsCancellationRequested)
        {
            (output, failure) = (CancelledOutput, cancelled);
        }
        catch (Exception thrown)
        {
            LogMessages.ToolFailed(logger, call.Name, thrown);
            failure = thrown;
            output = _tellsMessages ? $$"""{"error":"{{JsonEncodedText.Encode(thrown.Message)}}"}""" : FailedOutput;
        }

        lock (_lock)
        {
            // Not disposed: a cancellation may be on its way, and a source without a timer holds nothing.
            _running.Remove(call.CallId);
        }

        finish(output, failure);
    }

    private string Unknown(ToolCall call)
    {
        LogMessages.ToolUnknown(logger, call.Name);
        return UnknownOutput;
    }

    // A tool may return half a character, which no JSON text can carry; null counts as nothing to say.
    private static string WellFormed(string? output) => output is null ? "" : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(output));
}
