using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Generator.Schema;

namespace Realtime.Protocol.Generator.Diagnostics;

/// <summary>What the generator can say about a schema file. Every one of them stops the build at the line in the JSON.</summary>
internal static class Descriptors
{
    public static readonly DiagnosticDescriptor InvalidJson = Create("RT9001", "A schema file is not JSON");
    public static readonly DiagnosticDescriptor UnsupportedConstruct = Create("RT9002", "A schema uses a construct that the generator does not read");
    public static readonly DiagnosticDescriptor UnresolvedReference = Create("RT9003", "A $ref leads nowhere");
    public static readonly DiagnosticDescriptor DuplicateDiscriminator = Create("RT9004", "Two alternatives or events share a discriminator value or a number");
    public static readonly DiagnosticDescriptor NameClash = Create("RT9005", "Two names of the schema become one name in C#");
    public static readonly DiagnosticDescriptor FileNameDiffers = Create("RT9006", "An event's file is not named after its type");
    public static readonly DiagnosticDescriptor UndeclaredBase64 = Create("RT9007", "A description speaks of base64, but the schema does not declare it");
    public static readonly DiagnosticDescriptor FamilyClash = Create("RT9008", "A family's name or namespace can't be generated");

    public static readonly DiagnosticDescriptor Misplaced = Create("RT9009", "A file that is marked as a schema lies where none is read");

    public static Diagnostic ToDiagnostic(SchemaProblem problem) =>
        Diagnostic.Create(
            Find(problem.Id),
            Location.Create(
                problem.Path,
                new TextSpan(problem.Start, problem.Length),
                new LinePositionSpan(new LinePosition(problem.StartLine, problem.StartColumn), new LinePosition(problem.EndLine, problem.EndColumn))),
            problem.Message);

    private static DiagnosticDescriptor Find(string id) => id switch
    {
        "RT9001" => InvalidJson,
        "RT9002" => UnsupportedConstruct,
        "RT9003" => UnresolvedReference,
        "RT9004" => DuplicateDiscriminator,
        "RT9005" => NameClash,
        "RT9006" => FileNameDiffers,
        "RT9007" => UndeclaredBase64,
        "RT9008" => FamilyClash,
        "RT9009" => Misplaced,
        _ => throw new ArgumentOutOfRangeException(nameof(id), id, "A problem without a descriptor."),
    };

#pragma warning disable RS2008 // the release files below do list these ids; the rule can't see through the factory
    private static DiagnosticDescriptor Create(string id, string title) =>
        new(id, title, "{0}", "Realtime.Schema", DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: "https://github.com/realtime-protocol/realtime-protocol/blob/main/schema/README.md#" + id.ToLowerInvariant());
#pragma warning restore RS2008
}
