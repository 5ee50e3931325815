namespace Realtime.Protocol;

/// <summary>
/// Which calls of a remote MCP server wait for somebody's leave. It has to be stated for every server, since the service asks by default, and a question that nobody answers is silence on the
/// line. A value: an exception makes another one.
/// </summary>
public sealed class McpApprovalPolicy
{
    private readonly Func<McpApprovalRequest, CancellationToken, ValueTask<bool>>? _approve;
    private readonly bool _exceptReadOnly;
    private readonly string[] _except;

    private McpApprovalPolicy(Func<McpApprovalRequest, CancellationToken, ValueTask<bool>>? approve, bool exceptReadOnly, string[] except) =>
        (_approve, _exceptReadOnly, _except) = (approve, exceptReadOnly, except);

    /// <summary>The service calls the tools without asking. A question that it asks all the same is answered yes.</summary>
    public static McpApprovalPolicy Never { get; } = new(null, exceptReadOnly: false, []);

    /// <summary>The service asks before each call.</summary>
    /// <param name="approve">
    /// Says whether the call may be made. It runs on the pool, several at a time, and may ask a human; its token is cancelled when the turn is over, when its
    /// <see cref="VoiceTool.McpServer.ApprovalTimeout"/> is up or when the session ends. An exception counts as no, and is told as <see cref="SessionProblem.ApprovalUnanswered"/>.
    /// </param>
    public static McpApprovalPolicy Ask(Func<McpApprovalRequest, CancellationToken, ValueTask<bool>> approve)
    {
        ArgumentNullException.ThrowIfNull(approve);
        return new(approve, exceptReadOnly: false, []);
    }

    /// <summary>Tools that the server marks as changing nothing are called without asking.</summary>
    /// <exception cref="InvalidOperationException">This policy asks nobody, so it has no exceptions.</exception>
    public McpApprovalPolicy ExceptReadOnly() => new(Asking(), exceptReadOnly: true, _except);

    /// <summary>These tools are called without asking. Where a service reads this and <see cref="ExceptReadOnly"/> as one condition and asks, the answer for these tools is yes.</summary>
    /// <param name="tools">Their names.</param>
    /// <exception cref="InvalidOperationException">This policy asks nobody, so it has no exceptions.</exception>
    /// <exception cref="ArgumentException">A name is empty, or holds half a character.</exception>
    public McpApprovalPolicy Except(params ReadOnlySpan<string> tools)
    {
        foreach (string tool in tools)
        {
            ArgumentException.ThrowIfNullOrEmpty(tool, nameof(tools));
            Transport.Writable.Text(tool, nameof(tools));
        }

        return new(Asking(), _exceptReadOnly, [.. _except, .. tools]);
    }

    /// <summary>Whether it asks.</summary>
    public override string ToString() => _approve is null ? "never" : _exceptReadOnly || _except.Length > 0 ? "ask, with exceptions" : "ask";

    /// <summary>Who is to be asked about a call of this tool; null when it may be made without asking.</summary>
    internal Func<McpApprovalRequest, CancellationToken, ValueTask<bool>>? WhomToAsk(string tool) => _except.Contains(tool, StringComparer.Ordinal) ? null : _approve;

    internal McpToolRequireApproval ToWire()
    {
        if (_approve is null)
        {
            return McpToolRequireApprovalOption.Never;
        }

        if (!_exceptReadOnly && _except.Length == 0)
        {
            return McpToolRequireApprovalOption.Always;
        }

        var never = new McpToolFilter { ReadOnly = _exceptReadOnly ? true : null };
        if (_except.Length > 0)
        {
            never.ToolNames = _except.Select(static Text (name) => name).ToArray();
        }

        return new McpApprovalFilter { Never = never };
    }

    private Func<McpApprovalRequest, CancellationToken, ValueTask<bool>> Asking() =>
        _approve ?? throw new InvalidOperationException("A policy that never asks has no exceptions. Begin with McpApprovalPolicy.Ask, which says who is asked.");
}
