using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Realtime.Protocol.Hosting.Tests;

/// <summary>Configuration from text, as an application has it.</summary>
internal static class Read
{
    /// <summary>A root in which <c>Voice</c> is this JSON.</summary>
    public static IConfigurationRoot Root(string voice, params (string Key, string? Value)[] overrides)
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes($$"""{"Voice":{{voice}}}"""));
        return new ConfigurationBuilder()
            .AddJsonStream(json)
            .AddInMemoryCollection(overrides.Select(static pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), pair.Value)))
            .Build();
    }

    public static VoiceSessionOptions Options(string voice, params (string Key, string? Value)[] overrides) => new VoiceSessionOptions().Bind(Root(voice, overrides).GetSection("Voice"));

    /// <summary>What is wrong with it, all of it.</summary>
    public static string[] Wrong(string voice, params (string Key, string? Value)[] overrides) =>
        [.. Assert.Throws<OptionsValidationException>(() => Options(voice, overrides)).Failures];

    /// <summary>The paths in a section, without its own.</summary>
    public static IEnumerable<string> AsEnumerableOfPaths(this IConfigurationSection section) => section.AsEnumerable(makePathsRelative: true).Select(static pair => pair.Key);
}
