namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>Turns <c>--url</c>, <c>--model</c> and the environment into connection options. The key comes from the environment only: a command line can be read by everyone.</summary>
internal static class TalkEndpoint
{
    /// <summary>The variable that holds the key unless another one is named.</summary>
    public const string KeyVariable = "OPENAI_API_KEY";

    /// <summary>The key in the environment; null when there is none and nobody named a variable for it.</summary>
    /// <exception cref="ToolException">A variable was named and holds nothing. The line does not repeat the name: it may be the key itself, given by mistake.</exception>
    public static string? FindKey(ServiceAddress settings, Func<string, string?> getVariable)
    {
        string? key = getVariable(settings.KeyVariable ?? KeyVariable);
        return settings.KeyVariable is null || !string.IsNullOrEmpty(key)
            ? key
            : throw new ToolException(ExitCode.UnusableInput, $"The environment variable that --key-variable names is not set, or empty. Give the name of one that holds the key, or leave it out for {KeyVariable}.");
    }

    /// <summary>Sets endpoint, model and credential.</summary>
    /// <param name="options">The options to set.</param>
    /// <param name="settings">As given on the command line, with an address.</param>
    /// <param name="key">What <see cref="FindKey"/> found.</param>
    /// <exception cref="ToolException">The address or the key is unusable. The line never shows the key.</exception>
    public static void Apply(VoiceSessionOptions options, ServiceAddress settings, string? key)
    {
        string url = settings.Url!;
        string variable = settings.KeyVariable ?? KeyVariable;
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? endpoint) || endpoint.Host.Length == 0)
        {
            // What stands in front of an @ may be a password.
            string shown = url.Contains('@', StringComparison.Ordinal) ? "" : $" {url}";
            throw new ToolException(ExitCode.UnusableInput, $"--url{shown} is not a whole address; write for instance ws://127.0.0.1:5000/v1/realtime or wss://api.openai.com/v1/realtime.");
        }

        if (endpoint.UserInfo.Length > 0)
        {
            throw new ToolException(ExitCode.UnusableInput, $"--url holds a user name or password, which everyone on this machine can read. Leave it out and put the key into {variable}.");
        }

        options.Endpoint = endpoint;
        options.Model = settings.Model;
        options.CredentialHeader = settings.KeyHeader;
        if (!string.IsNullOrEmpty(key))
        {
            if (endpoint.Scheme is "ws" or "http" && !endpoint.IsLoopback)
            {
                throw new ToolException(ExitCode.UnusableInput, $"The key of {variable} would travel unencrypted to {endpoint.Host}. Use wss: instead of {endpoint.Scheme}:, or unset the variable.");
            }

            try
            {
                options.Credential = key;
            }
            catch (ArgumentException unusable)
            {
                throw new ToolException(ExitCode.UnusableInput, $"{variable} is unusable. {WithoutParameter(unusable)}", unusable);
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
