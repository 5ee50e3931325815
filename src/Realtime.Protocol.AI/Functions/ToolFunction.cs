using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Realtime.Protocol.AI;

/// <summary>A tool of ours as a function that any client may call.</summary>
/// <param name="tool">The tool.</param>
/// <param name="run">What it runs.</param>
internal sealed class ToolFunction(VoiceTool.Function tool, Func<ToolCall, CancellationToken, ValueTask<ToolCallOutput>> run) : AIFunction
{
    private readonly JsonElement _schema = JsonElement.Parse(tool.Parameters.Utf8);
    private long _calls;

    public override string Name => tool.Name;

    public override string Description => tool.Description;

    public override JsonElement JsonSchema => _schema;

    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(tool) ? tool : base.GetService(serviceType, serviceKey);
    }

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);

        // A session of ours has said which call it is; any other client keeps the id to itself.
        ToolCall? known = arguments.Context?.TryGetValue(typeof(ToolCall), out object? given) is true ? given as ToolCall : null;
        ToolCall call = known ?? new(tool.Name, $"call_{Interlocked.Increment(ref _calls)}", FunctionArguments.Write(arguments, JsonSerializerOptions));
        return (await run(call, cancellationToken).ConfigureAwait(false)).Text ?? "";
    }
}
