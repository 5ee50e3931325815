using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Realtime.Protocol.AI;

/// <summary>An <see cref="AIFunction"/> as the session's runner calls it: text in, text out. What it throws goes on to the runner, which tells the model no more of it than of any other tool.</summary>
/// <param name="function">Of the application.</param>
/// <param name="services">For the function; null for none.</param>
internal sealed class FunctionRun(AIFunction function, IServiceProvider? services)
{
    internal const string UnfitOutput = """{"error":"The arguments do not fit the schema."}""";

    private readonly JsonElement _schema = function.JsonSchema;

    public async ValueTask<ToolCallOutput> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        if (!FunctionArguments.TryRead(call.Arguments, _schema, out Dictionary<string, object?>? arguments))
        {
            // The model wrote them, so the model is told; the application could do nothing else.
            return UnfitOutput;
        }

        var given = new AIFunctionArguments(arguments) { Services = services, Context = new Dictionary<object, object?> { [typeof(ToolCall)] = call } };
        object? result = await function.InvokeAsync(given, cancellationToken).ConfigureAwait(false);
        return FunctionResult.ToOutput(result, function.JsonSerializerOptions);
    }
}
