using System.Diagnostics;
using System.Text.Json;
using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>Runs the programs of <c>tests/ForeignClients</c>, each as a process of its own. Nothing is fetched here: where Node.js or the packages are missing, the test is skipped and says so.</summary>
internal static class NodePrograms
{
    private static readonly string Folder = RepositoryFolder.PathOf("tests", "ForeignClients");

    /// <summary>The folder of the programs, when they can run.</summary>
    public static string FolderOrSkip()
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules", "openai")), "The packages of tests/ForeignClients are not installed (npm ci --ignore-scripts).");
        Assert.SkipUnless(IsOnPath("node"), "Node.js is not installed.");
        return Folder;
    }

    /// <summary>Runs one talk of one client against this host, and gives what it printed; its complaint is the failure of the test.</summary>
    public static async Task<JsonElement> RunAsync(string folder, string client, string talk, RealtimeSimulatorHost host, CancellationToken stop)
    {
        string certificate = Path.Combine(Path.GetTempPath(), $"realtime-{host.Endpoint.Port}-{Guid.NewGuid():N}.pem");
        await File.WriteAllTextAsync(certificate, host.CertificatePem, stop);
        try
        {
            return await RunAsync(folder, client, talk, host, certificate, stop);
        }
        finally
        {
            File.Delete(certificate);
        }
    }

    private static async Task<JsonElement> RunAsync(string folder, string client, string talk, RealtimeSimulatorHost host, string certificate, CancellationToken stop)
    {
        var start = new ProcessStartInfo("node", [client + ".mjs", talk]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OPENAI_API_KEY"] = "any";
        start.Environment["OPENAI_BASE_URL"] = $"https://127.0.0.1:{host.Endpoint.Port}/v1";
        start.Environment["REALTIME_URL"] = $"wss://127.0.0.1:{host.Endpoint.Port}/v1/realtime";
        start.Environment["NODE_EXTRA_CA_CERTS"] = certificate;
        using Process program = Process.Start(start)!;
        using CancellationTokenRegistration registration = stop.Register(static state => ((Process)state!).Kill(entireProcessTree: true), program);
        Task<string> complaint = program.StandardError.ReadToEndAsync(CancellationToken.None);
        string output = await program.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await program.WaitForExitAsync(CancellationToken.None);
        Assert.True(program.ExitCode == 0, await complaint);
        return JsonDocument.Parse(output).RootElement;
    }

    private static bool IsOnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)) || File.Exists(Path.Combine(folder, name + ".exe")));
}
