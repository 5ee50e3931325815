using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Repository.Tests.Readme;

/// <summary>
/// The simulator's page, followed to the letter by somebody who has the packages and an empty folder: each file is written as it is shown,
/// each command is typed as it is shown, and what is seen is compared.
/// </summary>
public sealed class ExperienceTests(UserPackages packages) : IClassFixture<UserPackages>
{
    private const string Page = "src/Realtime.Protocol.Testing/README.md";

    // What stands for the clone on the page, and the port that it uses.
    private const string Feed = "CLONE/artifacts/package/release";
    private const string Port = "5005";

    private static readonly Lock Ports = new();
    private static int _lastPort = 20_000 + (Environment.ProcessId % 6_000);

    [Fact]
    public Task TestAuthorInCSharp() => FollowAsync("### A test in C#");

    /// <summary>Follows a section: nothing is known here that the page does not say.</summary>
    private async Task FollowAsync(string heading)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no POSIX shell here.");
        ReadmeSection section = ReadmeSection.Of(Page, heading);
        string port = FreePort().ToString(CultureInfo.InvariantCulture);
        string Here(string text) => text.Replace(Feed, packages.Feed, StringComparison.Ordinal).Replace(Port, port, StringComparison.Ordinal);

        await using var folder = new EmptyFolder(packages.Environment);
        var beside = new List<IReadOnlyList<string>>();
        int commands = 0;
        foreach (ReadmeBlock block in section.Blocks)
        {
            if (block.Name is { } name)
            {
                folder.Write(name, Here(block.Text));
                continue;
            }

            Assert.True(block.Language == "console", $"Nobody is told what to do with this block, which is no file and no terminal:\n{block.Text}");
            var terminal = new TerminalBlock(Here(block.Text));
            foreach ((string typed, IReadOnlyList<string> seen) in terminal.Steps)
            {
                commands++;
                if (terminal.IsBeside)
                {
                    await folder.BeginAsync(typed);
                    beside.Add(seen);
                }
                else
                {
                    AssertSeen(typed, seen, await folder.RunAsync(typed));
                }
            }
        }

        Assert.True(commands > 0, $"{heading} shows nothing to type.");
        IReadOnlyList<string> outputs = await folder.InterruptAsync();
        for (int i = 0; i < outputs.Count; i++)
        {
            AssertSeen("the program that was left running", beside[i], outputs[i]);
        }
    }

    private static void AssertSeen(string typed, IReadOnlyList<string> expected, string output)
    {
        string? difference = TerminalBlock.Difference(expected, output);
        Assert.SkipWhen(output.Contains("error NU1301", StringComparison.Ordinal), "The packages of others can't be fetched here.");
        Assert.True(difference is null, $"$ {typed}\n{difference}");
    }

    // Below the ports that systems give out by themselves, so that nobody else is given this one meanwhile.
    private static int FreePort()
    {
        lock (Ports)
        {
            while (true)
            {
                try
                {
                    using var listener = new TcpListener(IPAddress.Loopback, ++_lastPort);
                    listener.Start();
                    return _lastPort;
                }
                catch (SocketException)
                {
                }
            }
        }
    }
}
