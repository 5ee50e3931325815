using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Testing.Tests.Errors;

/// <summary>The rows of <c>catalogue.json</c>, and every refusal that the simulator can speak as a pattern.</summary>
internal static class ErrorCatalogue
{
    private const string Any = "⟦⟧";
    private const int AnyNumber = 98_765;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public static ErrorRow[] Rows { get; } = JsonSerializer.Deserialize<ErrorRow[]>(File.ReadAllText(RepositoryFolder.PathOf("tests", "Realtime.Protocol.Testing.Tests", "Errors", "catalogue.json")), Json)!;

    /// <summary>Every factory and property of <see cref="Refusal"/>, once for each answer to a question of yes or no, with what stands in its text wherever a caller's words do.</summary>
    public static (string Name, string Code, Regex Message)[] Refusals { get; } = [.. Factories()];

    public static bool Matches((string Name, string Code, Regex Message) refusal, string code, string message) => refusal.Code == code && refusal.Message.IsMatch(message);

    private static IEnumerable<(string Name, string Code, Regex Message)> Factories()
    {
        foreach (MethodInfo method in typeof(Refusal).GetMethods(BindingFlags.Static | BindingFlags.Public).Where(static method => method.ReturnType == typeof(Refusal)))
        {
            ParameterInfo[] parameters = method.GetParameters();

            // A span can't be handed over by reflection.
            if (method.Name == nameof(Refusal.NotOneOf))
            {
                yield return Pattern(method.Name, Refusal.NotOneOf(Any, Any, Any));
                continue;
            }

            bool[] answers = parameters.Any(static parameter => parameter.ParameterType == typeof(bool)) ? [false, true] : [false];
            foreach (bool answer in answers)
            {
                yield return Pattern(method.Name, (Refusal)method.Invoke(null, [.. parameters.Select(parameter => Argument(parameter.ParameterType, answer))])!);
            }
        }
    }

    private static object Argument(Type type, bool answer) => type == typeof(string) ? Any
        : type == typeof(bool) ? answer
        : type == typeof(TimeSpan) ? TimeSpan.FromMinutes(AnyNumber)
        : Convert.ChangeType(AnyNumber, type, System.Globalization.CultureInfo.InvariantCulture);

    private static (string Name, string Code, Regex Message) Pattern(string name, Refusal refusal) => (name.Replace("get_", "", StringComparison.Ordinal), refusal.Code, new Regex(
        $"^{Regex.Replace(Regex.Escape(refusal.Message), $@"{Any}|{AnyNumber}(\\\.00)?", ".*")}$", RegexOptions.Singleline | RegexOptions.CultureInvariant));
}
