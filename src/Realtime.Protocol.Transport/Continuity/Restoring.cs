using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>What another session said before: its plan, checked before anything is connected, and the filling of a new connection with it, in the time that connecting may take.</summary>
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
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RealtimeConnectException">The connection ended, or it took too long.</exception>
    public static async Task<ReplayResult> FillAsync(VoiceConnection connection, ReplayPlan plan, VoiceSessionOptions options, CancellationToken cancellationToken)
    {
        var result = new ReplayResult(plan);
        if (options.IsBesideACall)
        {
            return result;
        }

        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await Replay.RunAsync(connection, plan.Items, result, either.Token).ConfigureAwait(false);
            if (plan.RunAgain.Length > 0)
            {
                await Replay.RunAsync(connection, await RerunAsync(plan, options, either.Token).ConfigureAwait(false), result, either.Token).ConfigureAwait(false);
            }

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

    /// <summary>Calls whose functions may run twice, with their outputs. One after the other, as each may have waited for the one before.</summary>
    private static async Task<List<ConversationItem>> RerunAsync(ReplayPlan plan, VoiceSessionOptions options, CancellationToken cancellationToken)
    {
        var functions = new FunctionTable(options.Session.Tools);
        var pairs = new List<ConversationItem>();
        foreach (ConversationItem.FunctionCall made in plan.RunAgain)
        {
            var call = new ToolCall(made.Name, made.CallId, made.Arguments) { Turn = plan.Question?.Turn ?? 0 };
            pairs.Add(made);
            pairs.Add(new ConversationItem.FunctionOutput(made.CallId, await OutputAsync(functions.Find(made.Name)?.Run, call, cancellationToken).ConfigureAwait(false)));
        }

        return pairs;
    }

    private static async Task<string> OutputAsync(Func<ToolCall, CancellationToken, ValueTask<ToolCallOutput>>? run, ToolCall call, CancellationToken cancellationToken)
    {
        if (run is null)
        {
            return ReplayPlanner.FailedOutput; // declared only: who answered it before is not here
        }

        try
        {
            return (await Task.Run(async () => await run(call, cancellationToken).ConfigureAwait(false), cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false)).Text ?? "";
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return ToolRunner.FailedOutput;
        }
    }
}
