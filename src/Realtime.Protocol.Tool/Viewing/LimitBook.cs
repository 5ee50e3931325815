using System.Text.Json;
using Realtime.Protocol.Testing.Grammar.Client;

namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>The limits that the server reported: of each what remained last, and the least that ever did. A report without a number is none.</summary>
internal sealed class LimitBook
{
    private const int MostNames = 16;

    private readonly Dictionary<string, RateLimit> _limits = [];

    public IReadOnlyList<RateLimit> Limits => [.. _limits.Values];

    /// <summary>Takes one limit of a report.</summary>
    public void Add(JsonElement limit, double now)
    {
        if (PageRoom.Short(limit.Text("name")) is not { } called || limit.At("remaining") is not { ValueKind: JsonValueKind.Number } stated || !stated.TryGetDouble(out double remaining) || !double.IsFinite(remaining))
        {
            return;
        }

        double? most = limit.At("limit") is { ValueKind: JsonValueKind.Number } all && all.TryGetDouble(out double known) && double.IsFinite(known) ? known : null;
        if (_limits.TryGetValue(called, out RateLimit? before))
        {
            bool isLower = remaining < before.Lowest;
            _limits[called] = before with { Limit = most ?? before.Limit, Last = remaining, Lowest = isLower ? remaining : before.Lowest, LowestAt = isLower ? now : before.LowestAt };
        }
        else if (_limits.Count < MostNames)
        {
            _limits[called] = new(called, most, remaining, now, remaining);
        }
    }
}
