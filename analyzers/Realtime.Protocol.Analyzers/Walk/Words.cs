using System;
using System.Buffers;
using System.Collections.Generic;
using Microsoft.CodeAnalysis.Text;

namespace Realtime.Protocol.Analyzers.Walk;

/// <summary>Finds words in the text of a file, before anything is parsed or bound: what no file mentions costs one pass over its characters.</summary>
/// <remarks>
/// A word is an identifier, or several joined by other characters, such as <c>response.create</c> in a literal. It is found where whole
/// identifiers stand, in code, literals and comments alike; whoever asks tells comments apart. An identifier written with escapes
/// (<c>\u0041</c>) is not found, so the rules are silent about it.
/// </remarks>
internal sealed class Words
{
    private readonly Dictionary<string, Groups> _groups = new(StringComparer.Ordinal);
    private Entry?[]? _buckets;

    public bool IsEmpty => _groups.Count == 0;

    /// <summary>Adds the word to a group; true when that is news.</summary>
    public bool Add(string word, Groups group)
    {
        _buckets = null;
        _groups.TryGetValue(word, out var known);
        _groups[word] = known | group;
        return !known.Contains(group);
    }

    /// <summary>Makes the table; afterwards many threads may search at once.</summary>
    public Words Seal()
    {
        var size = 64;
        while (size < _groups.Count * 4)
        {
            size *= 2;
        }

        var buckets = new Entry?[size];
        foreach (var word in _groups)
        {
            var start = LastPart(word.Key);
            var hash = 0;
            for (var i = start; i < word.Key.Length; i++)
            {
                hash = Hash(hash, word.Key[i]);
            }

            ref var bucket = ref buckets[Bucket(hash, size)];
            bucket = new Entry(word.Key, start, word.Value, bucket);
        }

        _buckets = buckets;
        return this;
    }

    /// <summary>Where the words stand in a text, and the groups of each, in order.</summary>
    public List<(int Position, Groups Groups)> In(SourceText text)
    {
        var hits = new List<(int, Groups)>();
        Search(text, (position, groups) =>
        {
            hits.Add((position, groups));
            return true;
        });
        return hits;
    }

    /// <summary>The groups of which the text has a word.</summary>
    public Groups MentionedIn(SourceText text, Groups all)
    {
        var mentioned = default(Groups);
        Search(text, (_, groups) =>
        {
            mentioned |= groups;
            return !mentioned.Contains(all);
        });
        return mentioned;
    }

    private void Search(SourceText text, Func<int, Groups, bool> found)
    {
        var length = text.Length;
        var characters = ArrayPool<char>.Shared.Rent(length);
        try
        {
            text.CopyTo(0, characters, 0, length);
            Search(characters, length, found);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    private void Search(char[] text, int length, Func<int, Groups, bool> found)
    {
        var buckets = _buckets!;
        for (var i = 0; i < length;)
        {
            if (!IsPart(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            var hash = 0;
            do
            {
                hash = Hash(hash, text[i++]);
            }
            while (i < length && IsPart(text[i]));

            for (var entry = buckets[Bucket(hash, buckets.Length)]; entry is not null; entry = entry.Next)
            {
                if (entry.Ends(text, start, i) && !found(start, entry.Groups))
                {
                    return;
                }
            }
        }
    }

    private static int LastPart(string word)
    {
        var start = word.Length;
        while (start > 0 && IsPart(word[start - 1]))
        {
            start--;
        }

        return start;
    }

    private static bool IsPart(char c) => (uint)((c | 0x20) - 'a') <= 'z' - 'a' || (uint)(c - '0') <= 9 || c == '_' || c >= 0x80;

    private static int Hash(int hash, char c) => (hash * 31) + c;

    private static int Bucket(int hash, int size) => (hash ^ (hash >> 15)) & (size - 1);

    private sealed class Entry(string word, int lastPart, Groups groups, Entry? next)
    {
        public Groups Groups => groups;

        public Entry? Next => next;

        // The last identifier of the word stands at [start, end); the rest of the word has to stand before it.
        public bool Ends(char[] text, int start, int end)
        {
            var first = start - lastPart;
            return end - first == word.Length
                && first >= 0
                && text.AsSpan(first, word.Length).SequenceEqual(word.AsSpan())
                && (first == 0 || lastPart == 0 || !IsPart(text[first - 1]));
        }
    }
}
