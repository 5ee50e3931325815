using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Repository.Tests.Packages;

namespace Repository.Tests.Readme;

/// <summary>
/// The simulator's page, and the program of the repository's, followed to the letter by somebody who has the packages and an empty folder: each file is written as it is shown,
/// each command is typed as it is shown, and what is seen is compared. What this machine does not have is a skip that says so.
/// </summary>
public sealed class ExperienceTests(UserPackages packages) : IClassFixture<UserPackages>
{
    private const string Python = "### A program in Python";
    private const string JavaScript = "### A program in JavaScript or TypeScript";

    private const string PortOfThePage = "5005";

    private static readonly Lock Ports = new();
    private static int _lastPort = 20_000 + (Environment.ProcessId % 6_000);

    private static string NodePackages => Path.Combine(RepositoryFiles.Root, "tests", "ForeignClients", "node_modules");

    [Fact]
    public async Task ATestInCSharp()
    {
        await using EmptyFolder folder = Open();
        await FollowAsync(folder, "### A test in C#");
    }

    [Fact]
    public async Task TheProgramOfTheRepositorysPage()
    {
        const string Root = "README.md";
        string program = ReadmeSection.Of(Root, "# Realtime.Protocol").Blocks.First(static block => block.Language == "csharp").Text;

        await using EmptyFolder folder = Open();
        await FollowAsync(folder, "## What you need", page: Root, before: typed =>
        {
            if (typed.StartsWith("tail ", StringComparison.Ordinal))
            {
                folder.Write("Program.cs", program);
            }
        });
    }

    [Fact]
    public async Task AProgramInPython()
    {
        await using EmptyFolder folder = Open();
        await NeedAsync(folder, "curl");
        await NeedPythonAsync(folder);
        await FollowAsync(folder, Python);
    }

    [Fact]
    public async Task AProgramInJavaScript()
    {
        await using EmptyFolder folder = Open();
        await NeedAsync(folder, "curl");
        await NeedNodeAsync(folder);
        await FollowAsync(folder, JavaScript, filesOf: Python);
    }

    [Fact]
    public async Task TheProgramInJavaScript_IsTypeScript()
    {
        await using EmptyFolder folder = Open();
        await NeedNodeAsync(folder);
        Assert.SkipUnless(Directory.Exists(Path.Combine(NodePackages, "typescript")), "npm's typescript is not installed (npm ci --ignore-scripts in tests/ForeignClients).");
        folder.Write("shop.ts", ReadmeSection.Of(UserPackages.Page, JavaScript).Blocks.Single(static block => block.Name == "shop.mjs").Text);

        Assert.Equal("", await folder.RunAsync("node node_modules/typescript/bin/tsc --noEmit --strict --module nodenext --target es2022 --skipLibCheck shop.ts"));
    }

    [Fact]
    public async Task APipeline()
    {
        await using EmptyFolder folder = Open();
        await NeedAsync(folder, "curl");
        await NeedAsync(folder, "jq");
        await NeedPythonAsync(folder);
        await FollowAsync(folder, "### A pipeline", filesOf: Python);
    }

    [Fact]
    public async Task SeveralScenarios_AndFilesThatChange()
    {
        await using EmptyFolder folder = Open();
        await NeedPythonAsync(folder);
        await FollowAsync(folder, "### Several scenarios, and files that change", filesOf: Python);
    }

    [Fact]
    public async Task AReportOfABug()
    {
        await using EmptyFolder folder = Open();
        await FollowAsync(folder, "### A report of a bug");
    }

    [Fact]
    public async Task TheSameServerAgain()
    {
        await using EmptyFolder folder = Open();
        await NeedPythonAsync(folder);
        await FollowAsync(folder, "### The same server again", filesOf: Python);
    }

    private EmptyFolder Open()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no POSIX shell here.");
        _ = PackedPackage.Feed; // or the test is skipped
        return new(packages.Environment);
    }

    /// <summary>Follows a section: nothing is known here that the page does not say.</summary>
    private async Task FollowAsync(EmptyFolder folder, string heading, string? filesOf = null, string page = UserPackages.Page, Action<string>? before = null)
    {
        string port = FreePort().ToString(CultureInfo.InvariantCulture);
        string Here(string text) => packages.Here(text).Replace(PortOfThePage, port, StringComparison.Ordinal);

        foreach (ReadmeBlock file in filesOf is null ? [] : ReadmeSection.Of(UserPackages.Page, filesOf).Blocks.Where(static block => block.Name is not null))
        {
            folder.Write(file.Name!, Here(file.Text));
        }

        var beside = new List<IReadOnlyList<string>>();
        int commands = 0;
        foreach (ReadmeBlock block in ReadmeSection.Of(page, heading).Blocks)
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
                before?.Invoke(typed);
                if (terminal.IsBeside)
                {
                    await folder.BeginAsync(typed);
                    beside.Add(seen);
                }
                else
                {
                    TerminalBlock.AssertSeen(typed, seen, await folder.RunAsync(typed));
                }
            }
        }

        Assert.True(commands > 0, $"{heading} shows nothing to type.");
        IReadOnlyList<string> outputs = await folder.InterruptAsync();
        for (int i = 0; i < outputs.Count; i++)
        {
            TerminalBlock.AssertSeen("the program that was left running", beside[i], outputs[i]);
        }
    }

    private static async Task NeedAsync(EmptyFolder folder, string program) =>
        Assert.SkipUnless((await folder.RunAsync($"command -v {program}")).Length > 0, $"{program} is not installed.");

    private static async Task NeedNodeAsync(EmptyFolder folder)
    {
        await NeedAsync(folder, "node");
        Assert.SkipUnless(Directory.Exists(Path.Combine(NodePackages, "openai")), "npm's openai is not installed (npm ci --ignore-scripts in tests/ForeignClients).");
        folder.Link("node_modules", NodePackages);
    }

    // Where there are several, one of them may have it: a distribution's package is for that distribution's own.
    private async Task NeedPythonAsync(EmptyFolder folder)
    {
        foreach (string python in (string[])["python3", "/usr/bin/python3"])
        {
            if ((await folder.RunAsync($"{python} -c 'import sys, websockets; print(sys.executable)'")).Trim() is var found && File.Exists(found))
            {
                packages.Prefer("python3", found);
                return;
            }
        }

        Assert.Skip("Python 3 with the package websockets is not installed (apt-get install python3-websockets).");
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
