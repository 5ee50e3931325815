using Microsoft.Extensions.Logging;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What another session said before: its plan, checked before anything is connected, and the filling of a new connection with it, in the time that connecting may take. Functions that run again have their own time before that.
/// </summary>
internal static class Restoring
{
    /// <summary>The plan of the options, whose configuration is from now on what holds in the end; null when they begin anew.</summary>
    /// <exception cref="ArgumentException">There is a history as well.</exception>
    /// <exception cref="SessionCheckpointException">The checkpoint is of another kind of session.</exception>
    public static ReplayPlan? PlanOf(VoiceSessionOptions options)
    {
        if (options.ResumeFrom is not { } checkpoint)
        {
            return null;
        }

        checkpoint.ThrowUnless(options.Purpose);
        if (options.History.Count > 0)
        {
            throw new ArgumentException($"{nameof(options.ResumeFrom)} and {nameof(options.History)} both say what was said before; give one.", nameof(options));
        }

        ReplayPlan plan = ReplayPlanner.Plan(checkpoint, new ReplayOptions { IdempotentTools = [.. ToolList.Idempotent(options.Session.Tools)] });
        options.Session = ConfigurationRestoring.Over(plan.ReadConfiguration(), options.Session);
        return plan;
    }

    /// <summary>Tells a connection what was said. A call keeps its conversation by itself.</summary>
    /// <param name="connection">Open and configured.</param>
    /// <param name="plan">What it is told.</param>
    /// <param name="options">What may run again, and how long all may take.</param>
    /// <param name="logger">Learns what a function throws.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RealtimeConnectException">The connection ended, or it took too long.</exception>
    public static async Task<ReplayResult> FillAsync(VoiceConnection connection, ReplayPlan plan, VoiceSessionOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var result = new ReplayResult(plan);
        if (options.IsBesideACall)
        {
            return result;
        }

        IReadOnlyList<ConversationItem> items = plan.RunAgain.Length == 0 ? plan.Items : await RunAgainAsync(connection, result, options, logger, cancellationToken).ConfigureAwait(false);
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await Replay.RunAsync(connection, items, result, either.Token).ConfigureAwait(false);
            return result;
        }
        catch (OperationCanceledException late)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new RealtimeConnectException(RealtimeConnectFailure.Timeout, $"The server did not take what was said before within {options.ConnectTimeout.TotalSeconds:0.###} s.", late);
        }
        catch (RealtimeClosedException closed)
        {
            throw new RealtimeConnectException(RealtimeConnectFailure.ClosedEarly, "The connection ended while it was told what was said before.", closed) { Error = closed.Reason.Error };
        }
    }

    /// <summary>The items with what the functions give now that may run twice. One after the other, as each may have waited for the one before.</summary>
    private static async Task<ConversationItem[]> RunAgainAsync(VoiceConnection connection, ReplayResult result, VoiceSessionOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        ReplayPlan plan = result.Plan;
        var functions = new FunctionTable(options.Session.Tools);
        ConversationItem[] items = [.. plan.Items];
        foreach (ConversationItem.FunctionCall made in plan.RunAgain)
        {
            if (connection.Connection.Ended.IsCompleted)
            {
                break; // nobody is left to be told
            }

            var call = new ToolCall(made.Name, made.CallId, made.Arguments) { Turn = plan.Question?.Turn ?? 0 };
            int output = plan.Items.IndexOf(made) + 1;
            (string? given, bool isDone) = functions.Find(made.Name) is { Run: not null } function
                ? await OutputAsync(connection, function, call, options, logger, cancellationToken).ConfigureAwait(false)
                : default;
            if (given is not null)
            {
                items[output] = (ConversationItem.FunctionOutput)items[output] with { Output = given };
            }

            if (!isDone)
            {
                result.LeftOut.Add(new(made.Id, OmissionReason.CallFailed));
            }
        }

        return items;
    }

    /// <summary>What the function gives, or what its failure is told as; null when its time is up, or the connection has ended that was to be told of it: then it is as before.</summary>
    private static async Task<(string? Output, bool IsDone)> OutputAsync(
        VoiceConnection connection, VoiceTool.Function function, ToolCall call, VoiceSessionOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(function.Timeout, options.TimeProvider);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        CancellationToken token = over.Token;
        Task<ToolCallOutput> running = Task.Run(async () => await function.Run!(call, token).ConfigureAwait(false), token);
        try
        {
            if (await Task.WhenAny(running, connection.Connection.Ended).WaitAsync(token).ConfigureAwait(false) == running)
            {
                return (ToolRunner.WellFormed((await running.ConfigureAwait(false)).Text), true);
            }

            await over.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception thrown) when (!cancellationToken.IsCancellationRequested)
        {
            if (!over.IsCancellationRequested)
            {
                LogMessages.ToolFailed(logger, call.Name, call.Turn, thrown);
                return (ToolRunner.OutputOf(thrown, function), false);
            }
        }

        _ = running.MayBeLeftAlone();
        return default;
    }
}
