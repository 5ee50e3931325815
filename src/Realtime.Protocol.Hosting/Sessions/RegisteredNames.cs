using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Realtime.Protocol.Hosting;

/// <summary>The names that sessions were added under. The platform gives fresh options for a name that nobody added, without a credential and with OpenAI's address; here that is a mistake.</summary>
internal sealed class RegisteredNames
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Those of this host; kept as an instance, because names are added before there is a container.</summary>
    public static RegisteredNames Of(IServiceCollection services)
    {
        if (services.FirstOrDefault(static service => service.ServiceType == typeof(RegisteredNames))?.ImplementationInstance is not RegisteredNames names)
        {
            services.AddSingleton(names = new());
        }

        return names;
    }

    /// <exception cref="InvalidOperationException">It is there: two sections would be mixed.</exception>
    public void Add(string name)
    {
        if (!_names.Add(name))
        {
            throw new InvalidOperationException($"Voice sessions {Named(name)} were added before. A second kind needs a name of its own; what is set in code goes to the options builder that the first call gave.");
        }
    }

    /// <exception cref="ArgumentException">Nobody added it.</exception>
    public void ThrowIfUnknown(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_names.Contains(name))
        {
            throw new ArgumentException($"No voice sessions {Named(name)} were added. There are: {string.Join(", ", _names.Order(StringComparer.Ordinal).Select(Named))}.", nameof(name));
        }
    }

    private static string Named(string name) => name == Options.DefaultName ? "without a name" : $"named \"{name}\"";
}
