using System.Collections.Generic;
using System.Linq;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>
/// The names of a hot event's members as the reader of any order looks them up: a factor that gives each name a row of its
/// own, what that row says, and the name as it stands in a message, quotes included. Without such a factor, or with a name
/// of another length, there are no names: then that reader declines.
/// </summary>
internal sealed class HotNames
{
    /// <summary>A name and its quotes are compared as one vector, whose last byte says how many they are.</summary>
    private const int NameBytes = 16;

    /// <summary>What is hashed are four characters from the first one on, the closing quote perhaps among them.</summary>
    private const int ShortestName = 3;
    private const int LongestName = NameBytes - 3;
    private const int RowBits = 5;
    private const uint FirstFactor = 0x9E3779B1;
    private const int Attempts = 10_000;

    private HotNames(uint factor, int[] rows, string[] entries)
    {
        Factor = factor;
        Rows = rows;
        Entries = entries;
    }

    public uint Factor { get; }

    /// <summary>By row, the slot of the only member that its name may be.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>By slot, 16 bytes of the quoted name, the last of them its length, and 16 that say which of those to compare.</summary>
    public IReadOnlyList<string> Entries { get; }

    public static HotNames Of(IReadOnlyList<string> names)
    {
        if (names.All(static name => name.Length is >= ShortestName and <= LongestName && name.All(static c => c is '_' or (>= 'a' and <= 'z') or (>= '0' and <= '9'))))
        {
            uint factor = FirstFactor;
            for (int attempt = 0; attempt < Attempts; attempt++, factor += 2)
            {
                int[] rows = [.. names.Select(name => (int)((Key(name) * factor) >> (32 - RowBits)))];
                if (rows.Distinct().Count() == names.Count)
                {
                    int[] slots = new int[1 << RowBits];
                    for (int i = 0; i < rows.Length; i++)
                    {
                        slots[rows[i]] = i;
                    }

                    return new(factor, slots, [.. names.Select(Entry)]);
                }
            }
        }

        return new(0, [], []);
    }

    private static uint Key(string name)
    {
        string first = name + "\"";
        return (uint)(first[0] | (first[1] << 8) | (first[2] << 16) | (first[3] << 24));
    }

    private static string Entry(string name)
    {
        int length = name.Length + 2;
        IEnumerable<int> quoted = $"\"{name}\"".Select(static c => (int)c).Concat(Enumerable.Repeat(0, NameBytes - 1 - length)).Concat([length]);
        IEnumerable<int> compared = Enumerable.Range(0, NameBytes).Select(i => i < length ? 255 : 0);
        return string.Join(", ", quoted.Concat(compared));
    }
}
