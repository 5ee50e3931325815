using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Realtime.Protocol.Generator.Schema;

/// <summary>A type that is not generated, since another file makes one of the same name.</summary>
internal sealed record SupersededType(string Key, string Name);

/// <summary>What no single file can see: two events with one number, two files that make one C# type. Of two files the later one is at fault, in the order given.</summary>
internal static class ClashCheck
{
    /// <summary>What the dispatcher generates beside the types of the schema.</summary>
    private static readonly HashSet<string> OwnNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "ServerEvent", "ServerEventKind", "ServerEventKinds", "ServerEventReader", "ServerEventSlots", "OwnedServerEvent",
        "ClientEvent", "ClientEventKind", "ClientEventKinds", "ClientEventReader", "ClientEventSlots", "OwnedClientEvent",
        "EventWriter", "MemberNames", "ISendableEvent",
    };

    /// <summary>What generated code calls by its simple name: a type of this name in its namespace would take its place.</summary>
    private static readonly HashSet<string> UsedNames = new(StringComparer.Ordinal)
    {
        "Text", "TextView", "Field", "FieldList", "ListView", "OpenEnum", "EnumView", "EnumListView", "IntegerView", "IntegerOrInfinity", "Base64View", "AudioBytes",
        "StringMap", "StringMapView", "RawJson", "RawJsonView", "UnknownMembers", "Presence", "ReadError", "ReadOddities", "ReadTolerance", "RawAudio", "RawAudioAttribute", "Sequenced", "SequencedAttribute", "Views", "Wire",
        "ReadOnlySpan", "Span", "ReadOnlyMemory", "ReadOnlySequence", "IBufferWriter", "Unsafe", "MethodImpl", "MethodImplAttribute", "MethodImplOptions", "InlineArray", "InlineArrayAttribute",
        "Obsolete", "ObsoleteAttribute", "GeneratedCode", "GeneratedCodeAttribute",
    };

    public static IEnumerable<SchemaProblem> Find(IReadOnlyCollection<ReadFile> files)
    {
        foreach ((ReadFile read, TypeModel type, string other) in SameNumbers(files))
        {
            yield return read.Place with { Id = "RT9004", Message = $"The events '{other}' and '{type.WireName}' have the same \"x-number\" {type.Number}; numbers are permanent and never reused" };
        }

        foreach ((ReadFile read, TypeModel type, string other) in SameNames(files))
        {
            yield return read.Place with { Id = "RT9005", Message = $"{other} and '{read.File.Key}' both make the type {type.Name}; give one another name with \"x-name\"" };
        }
    }

    /// <summary>The types that must not be generated: a generator can't add two files of one name, and C# has no two values of one number in a switch.</summary>
    public static EquatableArray<SupersededType> FindSuperseded(IReadOnlyCollection<ReadFile> files) =>
        new(SameNames(files).Concat(SameNumbers(files)).Select(static clash => new SupersededType(clash.Read.File.Key, clash.Type.Name)));

    /// <summary>The files without those types.</summary>
    public static ImmutableArray<ReadFile> Accept(ImmutableArray<ReadFile> files)
    {
        EquatableArray<SupersededType> superseded = FindSuperseded(files);
        return superseded.Count == 0
            ? files
            : [.. files.Select(read => read with { File = read.File with { Types = new EquatableArray<TypeModel>(read.File.Types.Where(type => !superseded.Contains(new SupersededType(read.File.Key, type.Name)))) } })];
    }

    private static IEnumerable<(ReadFile Read, TypeModel Type, string Other)> SameNumbers(IEnumerable<ReadFile> files)
    {
        var numbers = new Dictionary<(string, SchemaRole, int), string>();
        foreach (ReadFile read in files)
        {
            foreach (TypeModel type in read.File.Types.Where(static type => type.Category == TypeCategory.Event))
            {
                var number = (read.File.Family.Name, type.Role, type.Number);
                if (numbers.TryGetValue(number, out string? other))
                {
                    yield return (read, type, other);
                }
                else
                {
                    numbers.Add(number, type.WireName);
                }
            }
        }
    }

    private static IEnumerable<(ReadFile Read, TypeModel Type, string Other)> SameNames(IEnumerable<ReadFile> files)
    {
        // Roslyn compares the names of generated files without regard to case.
        var names = new Dictionary<string, (string Key, string Name)>(StringComparer.OrdinalIgnoreCase);
        foreach (ReadFile read in files)
        {
            foreach (TypeModel type in read.File.Types.Where(static type => type.Category != TypeCategory.Alias))
            {
                if (OwnNames.Contains(type.Name))
                {
                    yield return (read, type, "The generator itself");
                }
                else if (UsedNames.Contains(type.Name) || UsedNames.Contains(type.Name + "View"))
                {
                    yield return (read, type, "What generated code stands on");
                }
                else if (names.TryGetValue($"{read.File.Family.Name}.{type.Name}", out (string Key, string Name) first))
                {
                    yield return (read, type, first.Name == type.Name ? $"'{first.Key}'" : $"'{first.Key}' (as {first.Name}: case is not enough)");
                }
                else
                {
                    names[$"{read.File.Family.Name}.{type.Name}"] = (read.File.Key, type.Name);
                }
            }
        }
    }
}
