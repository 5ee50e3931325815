using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Realtime.Protocol.Hosting;

/// <summary>What connecting would refuse is refused when the host starts, with the section that it came from.</summary>
internal sealed class ValidateBeforeConnecting(string name, IConfiguration configuration) : IValidateOptions<VoiceSessionOptions>
{
    public ValidateOptionsResult Validate(string? name1, VoiceSessionOptions options)
    {
        if (name1 != name)
        {
            return ValidateOptionsResult.Skip;
        }

        try
        {
            options.Validate();
            return ValidateOptionsResult.Success;
        }
        catch (ArgumentException wrong)
        {
            return ValidateOptionsResult.Fail($"{(configuration as IConfigurationSection)?.Path ?? nameof(VoiceSessionOptions)}: {wrong.Message}");
        }
    }
}
