using Microsoft.Extensions.AI;

namespace Realtime.Protocol.AI;

/// <summary>A function of Microsoft.Extensions.AI as a tool of a voice session, and the other way round.</summary>
public static class AIFunctionExtensions
{
    /// <summary>
    /// The function as a tool: an <see cref="AIFunction"/> is run by the session, a mere declaration is answered by the application (<see cref="VoiceSession.SubmitToolOutput"/>). Name, description and JSON Schema go
    /// along; a schema that says nothing becomes that of an object.
    /// </summary>
    /// <param name="function">The function. It is called from the pool, several calls at a time.</param>
    /// <param name="services">What the function finds in <see cref="AIFunctionArguments.Services"/>; null for none.</param>
    /// <returns>A tool with <see cref="VoiceTool.Function.DefaultTimeout"/>; <c>with { Timeout = … }</c> makes another one.</returns>
    /// <exception cref="ArgumentException">The name is unusable for the service, the description holds half a character, or the schema is not that of an object.</exception>
    /// <exception cref="NotSupportedException">The function is to run after an approval only (<see cref="ApprovalRequiredAIFunction"/>), and nobody would be asked.</exception>
    /// <remarks>
    /// The arguments have to be one JSON object without a name that occurs twice, with all that the schema requires, each of a type that the schema gives it; otherwise the function does not run, and the model is told so. What the function gives is told
    /// as it is where it is text, and else as JSON, written with <see cref="AIFunction.JsonSerializerOptions"/>; null tells the model nothing. What it throws ends the call as that of every tool does
    /// (<see cref="VoiceTool.Function.TellsExceptionMessages"/>). <see cref="AIFunctionArguments.Context"/> holds the <see cref="ToolCall"/>, under its type.
    /// <para>
    /// <see cref="VoiceTool.Function.IsIdempotent"/> is false, whatever the <see cref="AITool.AdditionalProperties"/> say: none of their keys is defined to mean that a call may run twice, and a hint of whoever wrote a remote tool is no
    /// promise of yours. <c>with { IsIdempotent = true }</c> is.
    /// </para>
    /// </remarks>
    public static VoiceTool.Function AsVoiceTool(this AIFunctionDeclaration function, IServiceProvider? services = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (function is AIFunction && function.GetService(typeof(ApprovalRequiredAIFunction)) is not null)
        {
            throw new NotSupportedException(
                $"The function \"{function.Name}\" is to run after an approval only, and a voice session asks nobody about a function. Ask in the function itself, or declare it with AsDeclarationOnly() and give its output with SubmitToolOutput.");
        }

        string schema = FunctionSchema.TextOf(function);
        return function is AIFunction runs
            ? VoiceTool.Create(runs.Name, runs.Description, schema, new FunctionRun(runs, services).RunAsync)
            : VoiceTool.Declare(function.Name, function.Description, schema);
    }

    /// <summary>The tool as a function that any client of Microsoft.Extensions.AI may call.</summary>
    /// <param name="tool">One that runs.</param>
    /// <returns>
    /// A function whose result is the output's text. What the tool throws, the function does; <see cref="VoiceTool.Function.Timeout"/> and <see cref="ToolCallOutput.IsSilent"/> are a session's and mean nothing here.
    /// </returns>
    /// <exception cref="ArgumentException">The tool is declared only: there is nothing to run.</exception>
    public static AIFunction AsAIFunction(this VoiceTool.Function tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return tool.Run is { } run
            ? new ToolFunction(tool, run)
            : throw new ArgumentException($"The tool \"{tool.Name}\" is declared only, so there is nothing to run. AIFunctionFactory.CreateDeclaration makes its counterpart.", nameof(tool));
    }
}
