using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Simulation.Mcp;

/// <summary>
/// The calls that the service makes by itself. A call begins when its response is done and ends on its own time: its item is then done,
/// with the output or the error. A call that needs an approval is asked for first, and made by the next response once it was given.
/// </summary>
internal sealed class McpCalls : IDue
{
    private readonly SessionContext _session;
    private readonly List<Call> _calls = [];
    private readonly HashSet<string> _made = [];

    public McpCalls(SessionContext session)
    {
        _session = session;
        session.Agenda.Enroll(this);
    }

    public long? Due => _calls.Count == 0 ? null : _calls.Min(static call => call.Due);

    /// <summary>What a model wants, with the calls that need an approval turned into the request for it.</summary>
    public static ModelAnswer WithApprovals(ModelAnswer answer, IReadOnlyList<McpDeclaration> declared) => answer.Outputs.Any(static output => output is ModelOutput.McpCall)
        ? answer with { Outputs = [.. answer.Outputs.Select(output => output is ModelOutput.McpCall call && NeedsApproval(call, declared) ? new ModelOutput.Approval(call) : output)] }
        : answer;

    /// <summary>The calls that were approved, in what a response reads, and have not been made; null when there are none.</summary>
    public ModelAnswer? Approved(IReadOnlyList<SimulatedItem> read)
    {
        ModelOutput[] calls =
        [
            .. read.Where(item => item is { Kind: ItemKind.McpApprovalResponse, Approved: true } && _made.Add(item.ApprovalRequestId))
                .Select(answer => read.FirstOrDefault(item => item.Id == answer.ApprovalRequestId)).OfType<SimulatedItem>()
                .Select(static request => (request.Wanted ?? new ModelOutput.McpCall(request.ServerLabel, request.Name, request.Arguments)) with { ApprovalRequestId = request.Id, Pace = null }),
        ];
        return calls.Length == 0 ? null : new(calls);
    }

    /// <summary>A response has made its calls: they are sent to their servers now.</summary>
    /// <returns>When the last of them is done; null when there are none.</returns>
    public long? Make(IReadOnlyList<SimulatedItem> output, bool outOfBand)
    {
        long? last = null;
        for (int i = 0; i < output.Count; i++)
        {
            SimulatedItem item = output[i];
            if (item is { Kind: ItemKind.McpCall, Status: ItemStatus.Completed })
            {
                SimulatedMcpTool? tool = _session.Options.McpServers.FirstOrDefault(server => server.Label == item.ServerLabel)?.Tools.FirstOrDefault(tool => tool.Name == item.Name);
                _session.Speaker.McpCall("response.mcp_call.in_progress", item.Id, i);
                long due = _session.Now + _session.Draws.Draw(item.Wanted?.RunsFor ?? tool?.RunsFor ?? default);
                _calls.Add(new(item, i, outOfBand, tool, due));
                last = Math.Max(last ?? due, due);
            }
        }

        return last;
    }

    public void Act()
    {
        Call call = _calls.MinBy(static one => one.Due)!;
        _calls.Remove(call);
        ModelOutput.McpCall? wanted = call.Item.Wanted;
        call.Item.Error = call.Tool is null ? "There is no such tool." : wanted?.Error ?? (wanted?.Output is null ? call.Tool.Error : null);
        call.Item.Output = call.Item.Error is null ? wanted?.Output ?? call.Tool!.Output : "";
        if (!call.OutOfBand)
        {
            _session.AnnounceDone(call.Item);
        }

        _session.Speaker.McpCall(call.Item.Error is null ? "response.mcp_call.completed" : "response.mcp_call.failed", call.Item.Id, call.OutputIndex);
    }

    private static bool NeedsApproval(ModelOutput.McpCall call, IReadOnlyList<McpDeclaration> declared) =>
        call.ApprovalRequestId is null && (declared.FirstOrDefault(server => server.Label == call.ServerLabel)?.NeedsApproval(call.Name) ?? true);

    private sealed record Call(SimulatedItem Item, int OutputIndex, bool OutOfBand, SimulatedMcpTool? Tool, long Due);
}
