using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>
/// <c>--tool NAME=COMMAND</c>: a call of the model that a program of the user answers. The program gets the arguments on its standard input, as the model wrote them, and
/// what it prints is the output. What goes wrong in it is told to the model in fixed words and to the user on standard error; a conversation never ends because of it.
/// </summary>
/// <param name="Name">What the model calls it by.</param>
/// <param name="Command">For the shell of this machine.</param>
internal sealed record CommandTool(string Name, string Command)
{
    // Far more than a model reads; a program that prints without end is stopped here.
    private const int MostOutputBytes = 1024 * 1024;

    /// <summary>Reads the option.</summary>
    /// <exception cref="ToolException">It is not a name, a sign and a command.</exception>
    public static CommandTool Parse(string option)
    {
        int sign = option.IndexOf('=', StringComparison.Ordinal);
        return sign > 0 && !string.IsNullOrWhiteSpace(option[(sign + 1)..])
            ? new(option[..sign].Trim(), option[(sign + 1)..].Trim())
            : throw new ToolException(ExitCode.UnusableInput, $"--tool takes NAME=COMMAND, for instance --tool 'clock=date', not \"{Timeline.Printable.Line(option)}\".");
    }

    /// <summary>The function as it is declared when no session file declares it.</summary>
    /// <param name="programs">Those of the conversation.</param>
    /// <exception cref="ToolException">The name is unusable.</exception>
    public VoiceTool.Function Declare(Programs programs) => Declare($"Runs the program {Name} of the user's computer.", """{"type":"object"}""", programs);

    /// <summary>The function with a description and a schema of its own.</summary>
    /// <inheritdoc cref="Declare(Programs)"/>
    public VoiceTool.Function Declare(string description, string parameters, Programs programs)
    {
        try
        {
            return VoiceTool.Create(Name, description, parameters, async (call, cancellationToken) => await programs.RunAsync(() => RunAsync(call, programs, cancellationToken)));
        }
        catch (ArgumentException unusable)
        {
            throw new ToolException(ExitCode.UnusableInput, $"--tool: {TalkEndpoint.WithoutParameter(unusable)}", unusable);
        }
    }

    private async Task<ToolCallOutput> RunAsync(ToolCall call, Programs programs, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = Shell(Command) };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            programs.Complain($"The tool {Name} could not be started: {failure.Message}");
            return Failed("The program could not be started.");
        }

        try
        {
            Task<string> words = LastWordsAsync(process.StandardError, cancellationToken);
            Task<byte[]?> printing = PrintedAsync(process.StandardOutput.BaseStream, cancellationToken);
            await GiveAsync(process.StandardInput, call.Arguments, cancellationToken);
            if (await printing is not { } printed)
            {
                programs.Complain($"The tool {Name} printed more than {MostOutputBytes:N0} bytes and was stopped.");
                return Failed("The program printed too much.");
            }

            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                string said = await words;
                programs.Complain($"The tool {Name} ended with exit code {process.ExitCode}{(said.Length > 0 ? $": {said}" : ".")}");
                return Failed($"The program ended with exit code {process.ExitCode}.");
            }

            // A shell's line feed at the end is no part of what it says.
            return Encoding.UTF8.GetString(printed).TrimEnd('\n', '\r');
        }
        finally
        {
            await StopAsync(process);
        }
    }

    private static ProcessStartInfo Shell(string command) => new(OperatingSystem.IsWindows() ? "cmd.exe" : "/bin/sh", [OperatingSystem.IsWindows() ? "/c" : "-c", command])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
    };

    private static ToolCallOutput Failed(string why) => $$"""{"error":"{{why}}"}""";

    // A program need not read what it is given: date does not.
    private static async Task GiveAsync(StreamWriter input, string arguments, CancellationToken cancellationToken)
    {
        try
        {
            await input.WriteAsync(arguments.AsMemory(), cancellationToken);
            await input.FlushAsync(cancellationToken);
            input.Close();
        }
        catch (IOException)
        {
        }
    }

    private static async Task<byte[]?> PrintedAsync(Stream output, CancellationToken cancellationToken)
    {
        var printed = new MemoryStream();
        byte[] piece = new byte[4096];
        while (await output.ReadAsync(piece, cancellationToken) is > 0 and int read)
        {
            if (printed.Length + read > MostOutputBytes)
            {
                return null;
            }

            printed.Write(piece, 0, read);
        }

        return printed.ToArray();
    }

    private static async Task<string> LastWordsAsync(StreamReader errors, CancellationToken cancellationToken)
    {
        string last = "";
        char[] piece = new char[1024];
        while (await errors.ReadAsync(piece.AsMemory(), cancellationToken) is > 0 and int read)
        {
            string all = last + new string(piece, 0, read);
            last = all[Math.Max(0, all.Length - 300)..];
        }

        string[] lines = last.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "" : Timeline.Printable.Line(lines[^1]);
    }

    private static async Task StopAsync(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
