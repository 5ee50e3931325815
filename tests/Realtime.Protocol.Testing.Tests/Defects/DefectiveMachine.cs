using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Realtime.Protocol.Testing.Tests.Defects;

/// <summary>
/// A copy of the sources in which defects are planted one after the other, and a copy of these tests that meets each. Nothing of the repository is touched.
/// Disposed, both are gone.
/// </summary>
internal sealed partial class DefectiveMachine : IDisposable
{
    private const string Project = "Realtime.Protocol.Testing";

    // What of the repository a build of the machine needs.
    private static readonly string[] Needed = ["src", "schema", "generators", "analyzers"];

    // A machine that runs in circles is as good as caught.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("realtime-defects-").FullName;

    private DefectiveMachine()
    {
    }

    private string Sources => Path.Combine(_folder, "repository");

    private string Tests => Path.Combine(_folder, "tests");

    /// <summary>Copies and builds everything as it is.</summary>
    public static DefectiveMachine Copy()
    {
        var machine = new DefectiveMachine();
        Directory.CreateDirectory(machine.Sources);
        foreach (string file in Directory.EnumerateFiles(PlantedDefect.Repository).Where(static file => Path.GetFileName(file) is "global.json" or ".editorconfig" || file.Contains("Directory.", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(machine.Sources, Path.GetFileName(file)));
        }

        foreach (string folder in Needed)
        {
            CopyAll(Path.Combine(PlantedDefect.Repository, folder), Path.Combine(machine.Sources, folder));
        }

        CopyAll(AppContext.BaseDirectory, machine.Tests);
        return machine;
    }

    /// <summary>What catches a defect: the classes of tests that fail with it, or how it ended otherwise. Empty when nothing does.</summary>
    /// <param name="defect">The defect; null for the machine as it is.</param>
    /// <param name="classes">The tests that it meets.</param>
    /// <param name="environment">What they are told.</param>
    public async Task<IReadOnlyList<string>> CaughtByAsync(PlantedDefect? defect, string[] classes, (string Name, string Value) environment)
    {
        string? was = defect is null ? null : await File.ReadAllTextAsync(defect.PathIn(Sources));
        try
        {
            if (defect is not null)
            {
                await File.WriteAllTextAsync(defect.PathIn(Sources), was!.Replace(defect.Was, defect.Is, StringComparison.Ordinal));
            }

            (int code, string output) = await RunAsync(Sources, environment, "dotnet", "build", $"src/{Project}", "-v", "q", "--nologo");
            Assert.True(code == 0, $"{defect?.Defect} does not compile:\n{output}");
            File.Copy(Path.Combine(Sources, "artifacts/bin", Project, "debug", Project + ".dll"), Path.Combine(Tests, Project + ".dll"), overwrite: true);
            (code, output) = await RunAsync(Tests, environment, "dotnet", [Path.Combine(Tests, Project + ".Tests.dll"), "--filter-class", .. classes.Select(static name => "*" + name)]);
            return code == 0 ? [] : Failed().Matches(output) is { Count: > 0 } failed ? [.. failed.Select(static match => match.Groups[1].Value).Distinct()] : [$"the end of the process ({code})"];
        }
        finally
        {
            if (defect is not null)
            {
                await File.WriteAllTextAsync(defect.PathIn(Sources), was);
            }
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void CopyAll(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (string folder in Directory.EnumerateDirectories(from).Where(static folder => Path.GetFileName(folder) is not ("bin" or "obj")))
        {
            CopyAll(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string folder, (string Name, string Value) environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };

        // What a test run sets for its own build is not for one that it starts.
        foreach (string variable in start.Environment.Keys.Where(static name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(variable);
        }

        start.Environment[environment.Name] = environment.Value;
        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            Task<string> complaints = process.StandardError.ReadToEndAsync(patience.Token);
            string output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, output + await complaints);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, "");
        }
    }

    [GeneratedRegex(@"^failed Realtime\.Protocol\.Testing\.Tests\.(?:\w+\.)*(\w+)\.\w+", RegexOptions.Multiline)]
    private static partial Regex Failed();
}
