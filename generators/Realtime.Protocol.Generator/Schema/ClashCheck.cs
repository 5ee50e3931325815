using System;
using System.Collections.Generic;
using System.Linq;

namespace Realtime.Protocol.Generator.Schema;

/// <summary>What no single file can see: two events with one number, two files that make one C# type.</summary>
internal static class ClashCheck
{
    public static IEnumerable<SchemaProblem> Find(IEnumerable<ReadFile> files)
    {
        var numbers = new Dictionary<(FamilyModel, SchemaRole, int), string>();
        var names = new Dictionary<(FamilyModel, string), string>();
        foreach (ReadFile read in files.OrderBy(static read => read.File.Key, StringComparer.Ordinal))
        {
            foreach (TypeModel type in read.File.Types)
            {
                if (type.Category == TypeCategory.Event)
                {
                    var number = (read.File.Family, type.Role, type.Number);
                    if (numbers.TryGetValue(number, out string? other))
                    {
                        yield return read.Place with { Id = "RT9004", Message = $"The events '{other}' and '{type.WireName}' have the same \"x-number\" {type.Number}; numbers are permanent and never reused" };
                    }

                    numbers[number] = type.WireName;
                }

                if (type.Category == TypeCategory.Alias)
                {
                    continue;
                }

                if (names.TryGetValue((read.File.Family, type.Name), out string? key))
                {
                    yield return read.Place with { Id = "RT9005", Message = $"'{key}' and '{read.File.Key}' both make the type {type.Name}; give one another name with \"x-name\"" };
                }

                names[(read.File.Family, type.Name)] = read.File.Key;
            }
        }
    }
}
