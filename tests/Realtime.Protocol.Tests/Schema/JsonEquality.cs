using System.Text.Json;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>Whether two JSON texts say the same: the order of members and the spelling of strings and numbers aside.</summary>
internal static class JsonEquality
{
    public static void AssertEqual(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        using JsonDocument left = JsonDocument.Parse(expected.ToArray());
        using JsonDocument right = JsonDocument.Parse(actual.ToArray());
        string? difference = Difference(left.RootElement, right.RootElement, "$");
        Assert.True(difference is null, difference);
    }

    private static string? Difference(JsonElement left, JsonElement right, string path)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return $"{path}: {left.GetRawText()} became {right.GetRawText()}";
        }

        switch (left.ValueKind)
        {
            case JsonValueKind.Object:
                Dictionary<string, JsonElement> members = right.EnumerateObject().ToDictionary(static member => member.Name, static member => member.Value);
                foreach (JsonProperty member in left.EnumerateObject())
                {
                    if (!members.Remove(member.Name, out JsonElement other))
                    {
                        return $"{path}.{member.Name} is missing";
                    }

                    if (Difference(member.Value, other, $"{path}.{member.Name}") is { } difference)
                    {
                        return difference;
                    }
                }

                return members.Count == 0 ? null : $"{path}.{members.Keys.First()} was added";
            case JsonValueKind.Array:
                if (left.GetArrayLength() != right.GetArrayLength())
                {
                    return $"{path}: {left.GetArrayLength()} elements became {right.GetArrayLength()}";
                }

                for (int i = 0; i < left.GetArrayLength(); i++)
                {
                    if (Difference(left[i], right[i], $"{path}[{i}]") is { } difference)
                    {
                        return difference;
                    }
                }

                return null;
            case JsonValueKind.String:
                return left.GetString() == right.GetString() ? null : $"{path}: {left.GetRawText()} became {right.GetRawText()}";
            case JsonValueKind.Number:
                return left.GetDouble().Equals(right.GetDouble()) ? null : $"{path}: {left.GetRawText()} became {right.GetRawText()}";
            default:
                return null;
        }
    }
}
