using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Repository.Tests.Readme;

namespace Repository.Tests.Packages;

/// <summary>
/// Somebody who has never had one of our packages: an empty folder, an empty cache, one reference. Every package is restored, built and run so; a schema of their own is generated from, and a wrong one is
/// an error at its line and column. Needs the packages in REALTIME_PACKAGES, and where those of others come from.
/// </summary>
public sealed partial class FreshProjectTests : IAsyncDisposable
{
    private const string GeneratorPage = "generators/Realtime.Protocol.Generator.Package/README.md";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("fresh-user-");
    private EmptyFolder? _folder;

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
        {
            await _folder.DisposeAsync();
        }

        _root.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(PackedPackage.Ids), MemberType = typeof(PackedPackage))]
    public void EveryPackage_IsUsedHere(string id) =>
        Assert.Contains(id == "Realtime.Protocol.Tool" ? $"tool install {id} " : $"(\"{id}\"", RepositoryFiles.Read("tests/Repository.Tests/Packages/FreshProjectTests.cs"), StringComparison.Ordinal);

    [Fact]
    public void EveryProjectThatIsPacked_IsAmongThem() => Assert.Equal(
        PackedPackage.Ids.Select(static id => id.Data).Order(StringComparer.Ordinal),
        RepositoryFiles.All("*.csproj").Where(static project => RepositoryFiles.Read(project).Contains("<IsPackable>true</IsPackable>", StringComparison.Ordinal))
            .Select(static project => PackageId().Match(RepositoryFiles.Read(project)) is { Success: true } said ? said.Groups[1].Value : Path.GetFileNameWithoutExtension(project)).Order(StringComparer.Ordinal));

    [Fact]
    public async Task RealtimeProtocol_InAFreshProject_ReadsAndWrites()
    {
        EmptyFolder folder = Open("Realtime.Protocol");
        folder.Write("Program.cs", RepositoryFiles.Read("tests/PackageConsumer/Program.cs"));

        Assert.Contains(" bytes on the wire for 4800 bytes of audio", await RunAsync(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Testing_InAFreshProject_AnswersASession()
    {
        EmptyFolder folder = Open("Realtime.Protocol.Testing");
        folder.Write("Program.cs", """
            using Realtime.Protocol;
            using Realtime.Protocol.Testing.Hosting;

            await using var simulator = await RealtimeSimulatorHost.StartAsync(new());
            await using var session = await VoiceSession.ConnectAsync(new() { Endpoint = simulator.Endpoint });
            Console.WriteLine((await session.SendMessage("hello").Completion).Outcome);
            """);

        Assert.Contains("Completed", await RunAsync(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hosting_InAFreshProject_ChecksItsConfiguration()
    {
        EmptyFolder folder = Open("Realtime.Protocol.Hosting");
        folder.Write("Hosted.cs", RepositoryFiles.Read("tests/PackageConsumer/Hosted.cs"));
        folder.Write("Program.cs", "Console.WriteLine(await Hosted.CheckAsync());\n");

        Assert.Contains("0 calls; Voice:Sessoin is unknown: did you mean Session?", await RunAsync(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Realtime.Protocol.Journal.PostgreSql", "new PostgreSqlJournal(\"Host=127.0.0.1;Port=1;Timeout=5\")", "NpgsqlException")]
    [InlineData("Realtime.Protocol.Journal.Redis", "new RedisJournal(\"127.0.0.1:1,connectTimeout=500,asyncTimeout=500\")", "RedisConnectionException")]
    public async Task AJournal_InAFreshProject_FailsAsItsDriverDoes_WhereThereIsNoServer(string package, string journal, string failure)
    {
        EmptyFolder folder = Open(package);
        folder.Write("Program.cs", $$"""
            using Realtime.Protocol;

            await using var journal = {{journal}};
            try
            {
                await ((ISessionJournal)journal).ClaimAsync("call-7", "me", default);
            }
            catch (Exception refused)
            {
                Console.WriteLine($"no claim: {refused.GetType().Name}");
            }
            """);

        Assert.Contains($"no claim: {failure}", await RunAsync(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheBridge_InAFreshProject_MakesAToolOfAFunction()
    {
        EmptyFolder folder = Open("Realtime.Protocol.AI");
        folder.Write("Program.cs", """"
            using Microsoft.Extensions.AI;
            using Realtime.Protocol.AI;

            var stock = AIFunctionFactory.Create((string part) => 21, "stock", "Counts a part.").AsVoiceTool();
            Console.WriteLine($"{stock.Name}: {(await stock.Run!(new("stock", "call_1", """{"part":"wheel"}"""), default)).Text}");
            """");

        Assert.Contains("stock: 21", await RunAsync(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateway_InAFreshProject_KeepsStrangersOut()
    {
        EmptyFolder folder = Open("Realtime.Protocol.Gateway", """
              <ItemGroup>
                <FrameworkReference Include="Microsoft.AspNetCore.App" />
              </ItemGroup>

            """);
        folder.Write("Program.cs", """
            using Microsoft.AspNetCore.Builder;
            using Microsoft.Extensions.Configuration;
            using Microsoft.Extensions.DependencyInjection;

            var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Voice:Credential"] = "key" });
            builder.Services.AddVoiceSessions(builder.Configuration.GetSection("Voice"));
            builder.Services.AddVoiceGateway(o => o.WarmUp = false);
            await using var app = builder.Build();
            app.MapTwilioMediaStreams("/twilio", o => o.AuthToken = "token");
            await app.StartAsync();
            using var http = new HttpClient();
            Console.WriteLine((int)(await http.GetAsync(app.Urls.Single() + "/twilio")).StatusCode);
            """);

        Assert.Contains("426", await RunAsync(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheTool_IsInstalledAndTalks()
    {
        EmptyFolder folder = Open(package: null);
        using PackedPackage package = PackedPackage.Open("Realtime.Protocol.Tool");

        await SucceedAsync(folder, $"dotnet tool install Realtime.Protocol.Tool --version {package.Said("version")} --tool-path tools");
        Assert.Contains("I heard 3.1 seconds of speech.", await SucceedAsync(folder, "tools/realtime talk --fast"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheGenerator_InAFreshProject_MakesWhatItsPageShows()
    {
        (EmptyFolder folder, string schema) = OpenWithSchema();
        folder.Write("schema/server/kitchen.order.json", schema);

        Assert.Contains("2 of soup", await RunAsync(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheGenerator_OfWrongSchemas_SaysWhere()
    {
        (EmptyFolder folder, string schema) = OpenWithSchema();
        folder.Write("schema/server/kitchen.order.json", schema.Replace("\"type\": \"integer\"", "\"type\": \"intger\"", StringComparison.Ordinal));
        folder.Write("schema/server/kitchen.bell.json", "{\n  \"description\": \"It rings.\",\n  this is no JSON\n}\n");
        folder.Write("schema/server/kitchen.fire.json", "");
        folder.Write("schema/kitchen.menu.json", schema);

        string built = await RunAsync(folder);
        Assert.Matches(@"kitchen\.order\.json\(9,\d+\): error RT900\d", built);
        Assert.Matches(@"kitchen\.bell\.json\(3,3\): error RT900\d", built);
        Assert.Matches(@"kitchen\.fire\.json\(1,1\): error RT900\d", built);
        Assert.Matches(@"kitchen\.menu\.json\(1,1\): error RT9009: ", built);
        Assert.DoesNotContain("CS8785", built, StringComparison.Ordinal); // the generator threw
        Assert.DoesNotContain("AD0001", built, StringComparison.Ordinal);
    }

    private (EmptyFolder Folder, string Schema) OpenWithSchema()
    {
        IReadOnlyList<ReadmeBlock> blocks = ReadmeSection.Of(GeneratorPage, "# Realtime.Protocol.Generator").Blocks;
        EmptyFolder folder = Open("Realtime.Protocol.Generator", blocks.Single(static block => block.Language == "xml").Text);
        Directory.CreateDirectory(Path.Combine(folder.Path, "schema", "server"));
        folder.Write("Program.cs", blocks.Single(static block => block.Language == "csharp").Text);
        return (folder, blocks.Single(static block => block.Language == "json").Text);
    }

    private EmptyFolder Open(string? package, string more = "")
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no POSIX shell here.");
        string feed = PackedPackage.Feed;
        PackedPackage.Open(package ?? "Realtime.Protocol.Tool").Dispose();
        _folder = new(new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = _root.CreateSubdirectory("packages").FullName,
            ["DOTNET_CLI_HOME"] = _root.CreateSubdirectory("home").FullName,
            ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["MSBUILDDISABLENODEREUSE"] = "1", // no build server stays behind
            ["UseSharedCompilation"] = "false",
            ["RunAnalyzersDuringBuild"] = "true",
        });
        _folder.Write("nuget.config", $"""<configuration><packageSources><add key="packed" value="{feed}" /></packageSources></configuration>""");
        if (package is not null)
        {
            _folder.Write("Fresh.csproj", $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <Nullable>enable</Nullable>
                    <ImplicitUsings>enable</ImplicitUsings>
                    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                    <WarningsNotAsErrors>NU1900;NU1901;NU1902;NU1903;NU1904</WarningsNotAsErrors>
                  </PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="{package}" Version="*-*" />
                  </ItemGroup>
                {more}</Project>
                """);
        }

        return _folder;
    }

    private static async Task<string> RunAsync(EmptyFolder folder) => Available(await folder.RunAsync("dotnet run -v q"));

    private static async Task<string> SucceedAsync(EmptyFolder folder, string command)
    {
        string output = Available(await folder.RunAsync($"{command} && echo succeeded"));
        Assert.EndsWith("succeeded\n", output, StringComparison.Ordinal);
        return output;
    }

    // NU1301: the source can't be reached. The others: it has no such package. Ours are there.
    private static string Available(string output)
    {
        Match missing = Missing().Match(output);
        Assert.SkipWhen(missing.Success && !missing.Value.Contains("Realtime.Protocol", StringComparison.Ordinal), $"A fresh project can't be restored here: {missing.Value}");
        return output;
    }

    [GeneratedRegex("<PackageId>(.+)</PackageId>")]
    private static partial Regex PackageId();

    [GeneratedRegex("error (NU1101|NU1102|NU1301).*")]
    private static partial Regex Missing();
}
