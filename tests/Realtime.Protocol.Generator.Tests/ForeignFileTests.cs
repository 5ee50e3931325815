using System.Text;
using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Generator.Tests;

/// <summary>Files as they lie on a user's disk, in any encoding, of any size and anywhere: what can be read is read, and of everything else it is said where and why.</summary>
public class ForeignFileTests
{
    private const string Ping = "/project/schema/server/ping.json";

    private static readonly UnicodeEncoding LittleEndian = new(bigEndian: false, byteOrderMark: true);

    public static TheoryData<string> EncodingsThatAreSaid => ["utf-8", "utf-16", "utf-16BE", "utf-32"];

    [Theory]
    [MemberData(nameof(EncodingsThatAreSaid))]
    public void AFileThatSaysItsEncoding_IsReadInIt(string encoding)
    {
        GeneratorRun run = Run(Encode(encoding, Schemas.Ping.Replace("somebody is there", "jemand da wäre 日本", StringComparison.Ordinal)));

        Assert.Empty(run.Problems);
        Assert.Contains("jemand da wäre 日本", run.Output("Foreign.Ping.g.cs"), StringComparison.Ordinal);
        Assert.Empty(run.CompilerProblems());
    }

    [Theory]
    [MemberData(nameof(EncodingsThatAreSaid))]
    public void AMistakeInIt_IsAtTheSameLineAndColumn(string encoding) =>
        Assert.Equal("RT9002 (9,23)", Said(Run(Encode(encoding, Schemas.Ping.Replace("\"object\", \"additionalProperties\"", "\"onject\", \"additionalProperties\"", StringComparison.Ordinal)))));

    [Fact]
    public void ATextWithoutItsMark_IsNoUtf8AndNoJson() => Assert.Equal("RT9001 (1,2)", Said(Run(LittleEndian.GetBytes(Schemas.Ping))));

    [Theory]
    [InlineData("", "RT9001 (1,1)")]
    [InlineData(" \r\n ", "RT9001 (2,2)")]
    [InlineData("\uFEFF", "RT9001 (1,1)")]
    [InlineData("<schema/>", "RT9001 (1,1)")]
    [InlineData("{ \"x-number\": 1 }\n{ }", "RT9001 (2,1)")]
    [InlineData("{ \"x-number\": 1, // once\n}", "RT9001 (1,18)")]
    [InlineData("{\r\n  \"x-number\": 1,\r\n  \"x-number\": 2\r\n}", "RT9001 (3,3)")]
    [InlineData("{ \"properties\": { \"type\": { \"const\": \"ping\" }, \"a\": { \"type\": \"string\", \"type\": \"integer\" } } }", "RT9001 (1,73)")]
    [InlineData("{ \"description\": \"\\ud800\" }", "RT9001 (1,18)")]
    [InlineData("{ \"description\": \"\0\" }", "RT9001 (1,19)")]
    public void WhatIsNoJson_IsSaidAtItsPlace(string text, string expected) => Assert.Equal(expected, Said(Run(Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void BytesThatAreNoText_AreNoJson() => Assert.Equal("RT9001 (1,1)", Said(Run([0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4])));

    [Theory]
    [InlineData("[", "]", "RT9001 (1,65)")]
    [InlineData("{\"a\":", "}", "RT9001 (1,321)")]
    [InlineData("{\"properties\":{\"type\":{\"const\":\"ping\"},\"a\":", "}}", "RT9001 (1,1356)")]
    public void AThousandLevels_AreTooDeep(string open, string close, string expected) =>
        Assert.Equal(expected, Said(Run(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, 1_000)) + "1" + string.Concat(Enumerable.Repeat(close, 1_000))))));

    [Fact]
    public void ManyLevelsThatAreAllowed_MakeTypesUntilTheirNamesAreTooLong()
    {
        string json = "{ \"type\": \"string\" }";
        for (int level = 0; level < 25; level++)
        {
            json = $$"""{ "type": "object", "properties": { "next_level": {{json}}, "name": { "type": "string" } } }""";
        }

        var run = new GeneratorRun(("geometry/objects/tree", json));

        Diagnostic problem = Assert.Single(run.Problems);
        Assert.Equal("RT9002", problem.Id);
        Assert.StartsWith("The C# name of this would have 202 characters, and 200 are the most", problem.GetMessage(null), StringComparison.Ordinal);
        Assert.Empty(run.CompilerProblems());
    }

    [Fact]
    public void FiveMegabytesOfWords_AreRead()
    {
        string examples = string.Join(',', Enumerable.Repeat("""{ "type": "ping", "count": 1 }""", 80_000));
        GeneratorRun run = Run(Encoding.UTF8.GetBytes($$"""{ "description": "{{new string('x', 2_600_000)}}", "x-number": 1, "properties": { "type": { "const": "ping" } }, "required": ["type"], "examples": [{{examples}}] }"""));

        Assert.Empty(run.Problems);
        Assert.Contains("Foreign.Ping.g.cs", run.OutputNames);
    }

    [Fact]
    public void FiveMegabytesOfMembersOrValues_AreTooMany()
    {
        string properties = string.Join(',', Enumerable.Range(0, 110_000).Select(static number => $"\"m{number}\":{{\"type\":\"string\"}}"));
        string required = string.Join(',', Enumerable.Range(0, 110_000).Select(static number => $"\"m{number}\""));
        string values = string.Join(',', Enumerable.Range(0, 100_000).Select(static number => $"\"v{number}\""));
        var run = new GeneratorRun(("geometry/objects/members", $$"""{ "properties": { {{properties}} }, "required": [{{required}}] }"""), ("geometry/objects/values", $$"""{ "enum": [{{values}}] }"""));

        Assert.Equal(
            ["An enumeration has at most 255 values", "An object has at most 1000 members"],
            run.Problems.Select(static problem => $"{problem.GetMessage(null)}").Order());
        Assert.All(run.Problems, static problem => Assert.Equal("RT9002", problem.Id));
    }

    [Theory]
    [InlineData("/project/ping.json")]
    [InlineData("/project/schema/ping.json")]
    [InlineData("/project/schema/events/ping.json")]
    [InlineData("/project/schema/server/2026/ping.json")]
    [InlineData("/project/schema/Server/ping.json")]
    [InlineData("/project/schema/server/ping.jsonc")]
    [InlineData("/project/schema/server/README.md")]
    [InlineData("server/ping.json")]
    [InlineData("ping.json")]
    [InlineData("C:\\project\\schema\\ping.json")]
    public void AMarkedFileOutsideTheFoldersOfSchemas_IsReported(string path)
    {
        GeneratorRun run = GeneratorRun.OnFiles((path, Encoding.UTF8.GetBytes(Schemas.Ping)), (Ping, Encoding.UTF8.GetBytes(Schemas.Ping)));

        Diagnostic problem = Assert.Single(run.Problems);
        Assert.Equal(("RT9009", DiagnosticSeverity.Error, path), (problem.Id, problem.Severity, problem.Location.GetLineSpan().Path));
        Assert.Equal($"'{path}' has a RealtimeFamily and is no file '<folder>/client/<type>.json', '<folder>/server/<type>.json' or '<folder>/objects/<name>.json'; move it there, or leave it out of the AdditionalFiles of the family", problem.GetMessage(null));
        Assert.Contains("Foreign.Ping.g.cs", run.OutputNames);
        Assert.Empty(run.CompilerProblems());
    }

    [Fact]
    public void AFamilyWithNothingButSuchFiles_BreaksNoCode()
    {
        GeneratorRun run = GeneratorRun.OnFiles(("/project/schema/ping.json", Encoding.UTF8.GetBytes(Schemas.Ping)));

        Assert.Equal("RT9009 (1,1)", Said(run));
        Assert.Empty(run.CompilerProblems());
    }

    private static GeneratorRun Run(byte[] content)
    {
        GeneratorRun run = GeneratorRun.OnFiles((Ping, content));
        Assert.Empty(run.CompilerProblems());
        return run;
    }

    private static string Said(GeneratorRun run) => string.Join("; ", run.Problems.Select(static problem =>
        problem.Location.GetLineSpan() is var place ? $"{problem.Id} ({place.StartLinePosition.Line + 1},{place.StartLinePosition.Character + 1})" : ""));

    private static byte[] Encode(string name, string text) => Encoding.GetEncoding(name) is var encoding ? [.. encoding.GetPreamble(), .. encoding.GetBytes(text)] : [];
}
