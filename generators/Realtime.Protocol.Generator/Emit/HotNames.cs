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
    /// <summary>A name and its quotes are compared as one vector, whose last byte says how many bytes they are.</summary>
    public const int NameBytes = 16;

    /// <summary>What is hashed are four characters from the first one on, the closing quote perhaps among them.</summary>
    private const int ShortestName = 3;
    private const int LongestName = NameBytes - 3;
    private const int RowBits = 5;
    private const uint FirstFactor = 0x9E3779B1;
    private const int Attempts = 10_000;

    private HotNames(uint factor, int[] rows, string[] quoted)
    {
        Factor = factor;
        Rows = rows;
        Quoted = quoted;
    }

    public uint Factor { get; }

    /// <summary>By row, the slot of the only member that its name may be; negative where no name has this row.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>By slot, the name in its quotes.</summary>
    public IReadOnlyList<string> Quoted { get; }

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
                    int[] slots = [.. Enumerable.Repeat(-1, 1 << RowBits)];
                    for (int i = 0; i < rows.Length; i++)
                    {
                        slots[rows[i]] = i;
                    }

                    return new(factor, slots, [.. names.Select(static name => $"\"{name}\"")]);
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
}
