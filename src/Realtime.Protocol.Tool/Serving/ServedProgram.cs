using System.ComponentModel;
using System.Diagnostics;

namespace Realtime.Protocol.CommandLine.Serving;

/// <summary>
/// The program behind <c>serve … --</c>: a test run, or whatever talks to the simulator. It finds the simulator by the variables that clients read already, shares our
/// standard streams, and is not left behind when we end.
/// </summary>
internal sealed class ServedProgram(IReadOnlyList<string> command, Uri endpoint, string? key, string? certificate = null)
{
    // Clients refuse to start without a key, whether or not anybody looks at it.
    private const string AnyKey = "simulated";

    /// <summary>The variables, as names and values.</summary>
    public IReadOnlyDictionary<string, string> Variables()
    {
        string http = new UriBuilder(endpoint) { Scheme = endpoint.Scheme == "wss" ? "https" : "http", Path = "" }.Uri.GetLeftPart(UriPartial.Authority);
        var variables = new Dictionary<string, string>
        {
            ["REALTIME_URL"] = endpoint.ToString(),
            ["OPENAI_BASE_URL"] = $"{http}/v1",
            ["OPENAI_API_KEY"] = key ?? AnyKey,
            ["AZURE_OPENAI_ENDPOINT"] = http,
        };
        if (certificate is not null)
        {
            // Node adds it to the authorities that it knows; what Python and curl read would replace theirs.
            variables["NODE_EXTRA_CA_CERTS"] = Path.GetFullPath(certificate);
        }

        return variables;
    }

    /// <summary>Runs it to its end; when it is asked to end before, the program ends with everything that it started.</summary>
    /// <returns>The program's own exit code.</returns>
    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false };
        foreach ((string name, string value) in Variables())
        {
            start.Environment[name] = value;
        }

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException)
        {
            throw new ToolException(ExitCode.UnusableInput, $"{Timeline.Printable.Line(command[0])} could not be started: {failure.Message}", failure);
        }

        try
        {
            await process.WaitForExitAsync(cancellationToken);
            return (ExitCode)process.ExitCode;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }
}
