namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>Turns <c>--url</c>, <c>--model</c> and the environment into connection options. The key comes from the environment only: a command line can be read by everyone.</summary>
internal static class TalkEndpoint
{
    /// <summary>The variable that holds the key.</summary>
    public const string KeyVariable = "OPENAI_API_KEY";

    /// <summary>Sets endpoint, model and credential.</summary>
    /// <param name="options">The options to set.</param>
    /// <param name="url">As given with <c>--url</c>.</param>
    /// <param name="model">As given with <c>--model</c>.</param>
    /// <param name="key">The value of <see cref="KeyVariable"/>.</param>
    /// <exception cref="ToolException">The address or the key is unusable. The line never shows the key.</exception>
    public static void Apply(RealtimeSessionOptions options, string url, string? model, string? key)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? endpoint) || endpoint.Host.Length == 0)
        {
            throw new ToolException(ExitCode.UnusableInput, $"--url {url} is not a whole address; write for instance ws://127.0.0.1:5000/v1/realtime or wss://api.openai.com/v1/realtime.");
        }

        options.Endpoint = endpoint;
        options.Model = model;
        if (!string.IsNullOrEmpty(key))
        {
            if (endpoint.Scheme is "ws" or "http" && !endpoint.IsLoopback)
            {
                throw new ToolException(ExitCode.UnusableInput, $"The key of {KeyVariable} would travel unencrypted to {endpoint.Host}. Use wss: instead of {endpoint.Scheme}:, or unset the variable.");
            }

            try
            {
                options.Credential = key;
            }
            catch (ArgumentException unusable)
            {
                throw new ToolException(ExitCode.UnusableInput, $"{KeyVariable} is unusable. {WithoutParameter(unusable)}", unusable);
            }
        }
    }

    /// <summary>The message of an exception about an option, without the name of a parameter that the user never saw.</summary>
    public static string WithoutParameter(ArgumentException failure)
    {
        int tail = failure.ParamName is null ? -1 : failure.Message.LastIndexOf($" (Parameter '{failure.ParamName}')", StringComparison.Ordinal);
        return tail < 0 ? failure.Message : failure.Message[..tail];
    }
}
