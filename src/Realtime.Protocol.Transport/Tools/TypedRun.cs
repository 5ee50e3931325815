using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Realtime.Protocol.Transport;

/// <summary>A function between typed values, as the runner calls it: text in, text out.</summary>
/// <param name="run">Of the application.</param>
/// <param name="arguments">Made strict by <see cref="ToolSchema.Strict"/>, since the model is told of a schema that requires what the type does.</param>
/// <param name="result">Of the application.</param>
internal sealed class TypedRun<TArguments, TResult>(
    Func<TArguments, CancellationToken, ValueTask<TResult>> run, JsonTypeInfo<TArguments> arguments, JsonTypeInfo<TResult> result)
{
    internal const string UnfitOutput = """{"error":"The arguments do not fit the schema."}""";

    public async ValueTask<ToolCallOutput> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        TArguments? read;
        try
        {
            read = JsonSerializer.Deserialize(call.Arguments, arguments);
        }
        catch (JsonException)
        {
            // The model wrote them, so the model is told; the application could do nothing else.
            return UnfitOutput;
        }

        if (read is null)
        {
            return UnfitOutput;
        }

        TResult made = await run(read, cancellationToken).ConfigureAwait(false);
        return made switch
        {
            ToolCallOutput output => output,
            string text => text,
            null when typeof(TResult) == typeof(string) => "",
            _ => JsonSerializer.Serialize(made, result),
        };
    }
}
