namespace Realtime.Protocol.Tests.Lifecycle.Search;

/// <summary>
/// Breadth first over the real machine: every state that eight steps reach (five, unless the run is a thorough one), each by its shortest path. On no path does a create leave while the place is taken or a turn end twice, and from
/// every state everything ends in time, whether the server falls mute or only says that it lives.
/// </summary>
public class PlaceSearchTests(ITestOutputHelper output)
{
    private static readonly int Depth = Thoroughness.IsWhole ? 8 : 5;

    [Fact]
    public void EveryStateWithinReach_IsSound_AndComesToRest()
    {
        var known = new HashSet<string>();
        var faults = new List<string>();
        List<int[]> frontier = [[]];
        for (int depth = 0; depth < Depth && faults.Count == 0; depth++)
        {
            (int[] Path, string Digest, string? Fault)[] reached = [.. frontier.AsParallel().WithDegreeOfParallelism(2).SelectMany(Next)];
            faults.AddRange(reached.Where(static path => path.Fault is not null).Select(static path => $"{Words(path.Path)}: {path.Fault}"));
            frontier = [.. reached.OrderBy(static path => Words(path.Path), StringComparer.Ordinal).Where(path => known.Add(path.Digest)).Select(static path => path.Path)];
            faults.AddRange(frontier.AsParallel().WithDegreeOfParallelism(2).SelectMany(Unrest));
        }

        output.WriteLine($"{known.Count} states");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Order(StringComparer.Ordinal).Take(20).Prepend($"{faults.Count} faults")));
        Assert.True(known.Count > 1_000, $"{known.Count} states are too few to have searched anything.");
    }

    private static IEnumerable<(int[] Path, string Digest, string? Fault)> Next(int[] path)
    {
        for (int step = 0; step < PlaceSearch.Steps.Length; step++)
        {
            PlaceSearch search = Walk(path);
            if (!search.IsGivenUp && search.TryStep(PlaceSearch.Steps[step]))
            {
                yield return ([.. path, step], search.Digest, search.Fault);
            }
        }
    }

    private static IEnumerable<string> Unrest(int[] path)
    {
        foreach (bool serverLives in (bool[])[true, false])
        {
            PlaceSearch search = Walk(path);
            if (!search.ComesToRest(serverLives) || search.Fault is not null)
            {
                yield return $"{Words(path)}: {search.Fault ?? $"never comes to rest, at last {search.Digest}"} (the server {(serverLives ? "lives" : "is mute")})";
            }
        }
    }

    private static PlaceSearch Walk(int[] path)
    {
        var search = new PlaceSearch();
        foreach (int step in path)
        {
            search.TryStep(PlaceSearch.Steps[step]);
        }

        return search;
    }

    private static string Words(int[] path) => string.Join(" · ", path.Select(static step => PlaceSearch.Steps[step]));
}
