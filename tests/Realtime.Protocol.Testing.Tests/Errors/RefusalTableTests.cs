using System.Text.RegularExpressions;
using Realtime.Protocol.Testing.Grammar.Client;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Errors;

/// <summary>The page's table of what a client is refused is the catalogue of errors, each error by the rules that whoever meets it has broken.</summary>
public partial class RefusalTableTests
{
    // What nobody has to read to its end: a list of all the values that would have been taken.
    private const int MostLetters = 150;

    /// <summary>Errors that no rule is about: the end of time, the door, and limits that the service does not have.</summary>
    private static readonly string[] WithoutRule = ["beta_api_shape_disabled", "session_expired", "input_audio_buffer_full", "item_retrieve_audio_not_kept"];

    [Fact]
    public void ThePage_ShowsEveryError_ByTheRuleThatWasBroken()
    {
        string[] order = [.. ClientRules.All.Select(static rule => rule.Id)];
        IEnumerable<string[]> rows = ErrorCatalogue.Rows
            .Select(static row => (Row: row, Rules: row.Rules()))
            .DistinctBy(static met => (Rules: string.Join(' ', met.Rules), Refusal: ErrorCatalogue.Refusals.First(refusal => ErrorCatalogue.Matches(refusal, met.Row.Code, met.Row.Message)).Message.ToString(), met.Row.Session, met.Row.Service))
            .OrderBy(met => met.Rules.Count == 0 ? int.MaxValue : Array.IndexOf(order, met.Rules[0]))
            .Select(static met => new[] { string.Join(", ", met.Rules.Select(static rule => $"`{rule}`")), $"`{met.Row.Code}`", met.Row.Param is null ? "" : $"`{met.Row.Param}`", Words(met.Row), Evidence(met.Row) });

        PageTable.IsShown("## What it refuses", [["rule", "code", "param", "message", "known"], .. rows]);
    }

    [Fact]
    public void EveryError_IsOfARule_UnlessNobodyDidWrong() =>
        Assert.All(ErrorCatalogue.Rows.Where(static row => row.Rules().Count == 0), static row => Assert.Contains(row.Code, WithoutRule));

    private static string Words(ErrorRow row)
    {
        string message = row.Message.Replace("$response", "resp_…", StringComparison.Ordinal).Replace("$item", "item_…", StringComparison.Ordinal);
        string[] when =
        [
            .. row.Session == SimulatedSessionKind.Realtime ? [] : new[] { $"in a session of type {row.Session.ToString().ToLowerInvariant()}" },
            .. row.Service is null ? [] : new[] { $"with `{row.Service.Replace("=", " = ", StringComparison.Ordinal)}`" },
            .. row.Close is { } close ? new[] { $"and the close {close}" } : [],
        ];
        string shown = message.Length <= MostLetters ? message : message[..message.LastIndexOf(' ', MostLetters)] + " …";
        return when.Length == 0 ? shown : $"{shown} ({string.Join(", ", when)})";
    }

    private static string Evidence(ErrorRow row) => Known().Match(row.Evidence).Value;

    [GeneratedRegex("^(recorded|reported|published|never seen)")]
    private static partial Regex Known();
}
