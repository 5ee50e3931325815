using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Realtime.Protocol.Hosting;

/// <summary>
/// Reads the options of voice sessions from configuration, by hand: no reflection, so it can be trimmed and compiled ahead of time, and nothing is passed over. The platform's binders write into values that are
/// shared, leave out what they do not know, and drop a credential that they cannot make.
/// </summary>
public static class VoiceSessionOptionsBinder
{
    // More would be a section of somebody else's.
    private const int MostShown = 20;

    /// <summary>Reads a section into these options; what it does not state stays as it is. The README of the package lists its keys.</summary>
    /// <param name="options">What is changed.</param>
    /// <param name="configuration">For instance <c>Configuration.GetSection("Voice")</c>. A section without a key is a mistake: its name is probably written otherwise.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="OptionsValidationException">
    /// Keys that do not exist, values of another kind or out of range, or keys that contradict each other: all of them at once, each with its path. No value is repeated, because it may be a secret.
    /// </exception>
    public static VoiceSessionOptions Bind(this VoiceSessionOptions options, IConfiguration configuration) => Read(options, configuration, Options.DefaultName);

    internal static VoiceSessionOptions Read(VoiceSessionOptions options, IConfiguration configuration, string name)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configuration);
        var wrong = new List<string>();
        if (configuration is IConfigurationSection section)
        {
            if (section.Exists())
            {
                VoiceSessionKeys.Root.Read(options, new(section, wrong));
            }
            else
            {
                wrong.Add($"The section {section.Path} is not there, or has no key.");
            }
        }
        else
        {
            VoiceSessionKeys.Root.ReadMembers(options, [.. configuration.GetChildren().Select(child => new Place(child, wrong))], place: null);
        }

        if (wrong.Count > 0)
        {
            string[] shown = wrong.Count <= MostShown ? [.. wrong] : [.. wrong.Take(MostShown), $"And {wrong.Count - MostShown} more."];
            throw new OptionsValidationException(name, typeof(VoiceSessionOptions), shown);
        }

        return options;
    }
}
