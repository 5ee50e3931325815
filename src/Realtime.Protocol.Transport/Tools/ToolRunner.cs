using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Runs tool calls: each on the pool, all at the same time, each with its own cancellation. Every call ends in an output, because the
/// model waits for one: a failure is told as a fixed text, so that no detail of the application reaches the model unasked.
/// </summary>
/// <param name="logger">Learns what a tool throws.</param>
/// <param name="telemetry">Tells whoever observes the session.</param>
internal sealed class ToolRunner(ILogger logger, SessionTelemetry telemetry)
{
    internal const string FailedOutput = """{"error":"The tool failed."}""";
    internal const string CancelledOutput = """{"error":"The call was cancelled."}""";
    internal const string UnsentOutput = """{"error":"The output could not be sent."}""";
    internal const string UnknownOutput = """{"error":"There is no such tool."}""";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, RunningTool> _running = new(StringComparer.Ordinal);
    private bool _stopped;

    /// <summary>Begins a call and returns at once; <paramref name="finish"/> gets its end from the pool.</summary>
    /// <param name="itemId">The item that makes the call: a <c>call_id</c> may come again, an item never does.</param>
    /// <param name="call">The call.</param>
    /// <param name="function">What runs; null when there is no such tool.</param>
    /// <param name="turn">What is told of the turn; null when nobody observes it.</param>
    /// <param name="finish">Not called for a tool that only obeys its cancellation when nobody waits for any output.</param>
    public void Start(string itemId, ToolCall call, VoiceTool.Function? function, TurnSignals? turn, Action<ToolEnd> finish)
    {
        var running = new RunningTool(call);
        lock (_lock)
        {
            if (_stopped || !_running.TryAdd(itemId, running))
            {
                return;
            }
        }

        _ = Task.Run(() => RunAsync(itemId, running, function, turn, finish));
    }

    /// <summary>Cancels a call that nobody waits for. Its output is still given.</summary>
    public void Cancel(string itemId)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(itemId, out RunningTool? running))
            {
                Cancel(running);
            }
        }
    }

    /// <summary>Cancels a call whose time is up; null when it has ended by itself meanwhile.</summary>
    public ToolCall? GiveUp(string itemId)
    {
        lock (_lock)
        {
            if (!_running.TryGetValue(itemId, out RunningTool? running))
            {
                return null;
            }

            GiveUp(running, SignalWords.Timeout);
            return running.Call;
        }
    }

    /// <summary>Cancels every call and takes no more.</summary>
    public void CancelAll()
    {
        lock (_lock)
        {
            _stopped = true;
            foreach (RunningTool running in _running.Values)
            {
                GiveUp(running, SignalWords.Cancelled);
            }
        }
    }

    // Who is told of it does not wait for a delegate that may never return.
    private void GiveUp(RunningTool running, string why)
    {
        running.GivenUpAs ??= why;
        running.Signals?.End(why);
        Cancel(running);
    }

    private void Cancel(RunningTool running) => Callbacks.Cancel(running.Cancellation, $"the tool {running.Call.Name}", logger);

    private async Task RunAsync(string itemId, RunningTool running, VoiceTool.Function? function, TurnSignals? turn, Action<ToolEnd> finish)
    {
        ToolCall call = running.Call;
        CancellationToken cancellation = running.Cancellation.Token;
        ToolCallOutput output;
        Exception? failure = null;
        bool isCancelled = false;
        try
        {
            if (function?.Run is { } run)
            {
                Observe(running, turn);
                ToolCallOutput given = await run(call, cancellation).ConfigureAwait(false);
                output = given with { Text = WellFormed(given.Text) };
            }
            else
            {
                output = Unknown(call);
            }
        }
        catch (OperationCanceledException cancelled) when (cancellation.IsCancellationRequested)
        {
            (output, failure, isCancelled) = (CancelledOutput, cancelled, true);
        }
        catch (Exception thrown)
        {
            LogMessages.ToolFailed(logger, call.Name, call.Turn, thrown);
            failure = thrown;
            output = OutputOf(thrown, function);
        }

        running.Signals?.End(failure is null ? null : SignalWords.Of(failure));
        bool isLate;
        lock (_lock)
        {
            // Not disposed: a cancellation may be on its way, and a source without a timer holds nothing.
            _running.Remove(itemId);
            isLate = running.GivenUpAs is not null;
        }

        if (!(isCancelled && isLate))
        {
            finish(new(output, failure, isLate));
        }
    }

    private void Observe(RunningTool running, TurnSignals? turn)
    {
        ToolSignals? signals = ToolSignals.Begin(turn, telemetry, running.Call);
        lock (_lock)
        {
            running.Signals = signals;
            if (running.GivenUpAs is { } why)
            {
                signals?.End(why);
            }
        }
    }

    private string Unknown(ToolCall call)
    {
        LogMessages.ToolUnknown(logger, call.Name, call.Turn);
        return UnknownOutput;
    }

    /// <summary>What the model is told when a function has thrown.</summary>
    internal static string OutputOf(Exception thrown, VoiceTool.Function? function) =>
        function is { TellsExceptionMessages: true } ? $$"""{"error":"{{JsonEncodedText.Encode(WellFormed(thrown.Message))}}"}""" : FailedOutput;

    /// <summary>A tool may return half a character, which no JSON text can carry; null counts as nothing to say.</summary>
    internal static string WellFormed(string? output) => output is null ? "" : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(output));

    private sealed class RunningTool(ToolCall call)
    {
        public ToolCall Call { get; } = call;

        public CancellationTokenSource Cancellation { get; } = new();

        /// <summary>What is told of it; null when nobody observes it, and until it runs.</summary>
        public ToolSignals? Signals { get; set; }

        /// <summary>Why nobody waits for its output any more: its time is up, or the session has ended. Null while somebody does.</summary>
        public string? GivenUpAs { get; set; }
    }
}

/// <summary>How a tool ended.</summary>
/// <param name="Output">What the model is to be told.</param>
/// <param name="Failure">What it threw; null when it succeeded.</param>
/// <param name="IsLate">It was given up before.</param>
internal readonly record struct ToolEnd(ToolCallOutput Output, Exception? Failure, bool IsLate);
