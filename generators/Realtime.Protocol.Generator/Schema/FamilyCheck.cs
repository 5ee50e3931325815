using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;

namespace Realtime.Protocol.Generator.Schema;

/// <summary>
/// A family is one namespace: its name stands in the names of the generated files, and two of them can't have one name. Of
/// the families that differ in less than that, the one whose file comes first in the order given is generated, no other.
/// </summary>
internal static class FamilyCheck
{
    private const string NameRule = "letters, digits and _, no digit first, no keyword, parts put together with dots";

    /// <summary>Namespaces in which a simple name of generated code means something else.</summary>
    private static readonly HashSet<string> Taken = new(StringComparer.Ordinal) { "System", "Realtime.Protocol" };

    /// <summary>The files whose family can be generated.</summary>
    public static ImmutableArray<ReadFile> Accept(ImmutableArray<ReadFile> files)
    {
        EquatableArray<FamilyModel> refused = FindRefused(files);
        return refused.Count == 0 ? files : files.RemoveAll(read => refused.Contains(read.File.Family));
    }

    /// <summary>The families of which nothing is generated.</summary>
    public static EquatableArray<FamilyModel> FindRefused(ImmutableArray<ReadFile> files) =>
        new(Refusals(files).Select(static refusal => refusal.Read.File.Family));

    /// <summary>Why they are not, each at the first of its files: the metadata itself has no place in a text.</summary>
    public static IEnumerable<SchemaProblem> Find(ImmutableArray<ReadFile> files) =>
        Refusals(files).Select(static refusal => refusal.Read.Place with { Id = "RT9008", Message = refusal.Reason });

    private static IEnumerable<(ReadFile Read, string Reason)> Refusals(ImmutableArray<ReadFile> files)
    {
        // Roslyn compares the names of generated files without regard to case.
        var accepted = new Dictionary<string, ReadFile>(StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<FamilyModel>();
        foreach (ReadFile read in files)
        {
            FamilyModel family = read.File.Family;
            if (!seen.Add(family))
            {
                continue;
            }

            if (family.Name.Length == 0)
            {
                yield return (read, $"A RealtimeNamespace, '{family.Namespace}', without a RealtimeFamily; say both of a schema file");
            }
            else if (!IsName(family.Name))
            {
                yield return (read, $"The RealtimeFamily '{family.Name}' is not a C# name: {NameRule}");
            }
            else if (!IsName(family.Namespace))
            {
                yield return (read, $"The RealtimeNamespace '{family.Namespace}' is not a C# namespace: {NameRule}");
            }
            else if (Taken.Contains(family.Namespace))
            {
                yield return (read, $"The RealtimeNamespace '{family.Namespace}' holds what generated code stands on; give the family a namespace of its own");
            }
            else if (!accepted.TryGetValue(family.Name, out ReadFile? first))
            {
                accepted[family.Name] = read;
            }
            else if (first.File.Family.Name == family.Name)
            {
                yield return (read, $"The family {family.Name} is in the namespace {first.File.Family.Namespace} according to '{first.File.Key}' and in {family.Namespace} according to '{read.File.Key}'; a family has one RealtimeNamespace, and another namespace is another family");
            }
            else
            {
                yield return (read, $"The families {first.File.Family.Name} of '{first.File.Key}' and {family.Name} of '{read.File.Key}' differ in case only; give one another RealtimeFamily");
            }
        }
    }

    private static bool IsName(string name) => name.Split('.').All(IsPart);

    // Stricter than C#, which takes letters put together from several characters, and characters that nobody sees: names of
    // generated files may hold neither. "nameof" is a name that generated code calls.
    private static bool IsPart(string part) =>
        part != "nameof" && SyntaxFacts.IsValidIdentifier(part) && SyntaxFacts.GetKeywordKind(part) == SyntaxKind.None && part.All(static character => char.IsLetterOrDigit(character) || character == '_');
}
