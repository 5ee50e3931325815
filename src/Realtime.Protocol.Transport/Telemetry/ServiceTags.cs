using System.Diagnostics;

namespace Realtime.Protocol.Transport;

/// <summary>What is asked of which service: the same for all that a session tells. Made when somebody listens.</summary>
internal sealed class ServiceTags
{
    private ServiceTags(string provider, string? model, string? address) => (Provider, Model, Address) = (provider, model, address);

    public string Provider { get; }

    /// <summary>As the options or the address name it; null where neither does.</summary>
    public string? Model { get; }

    /// <summary>The host alone. Null behind a transport of the application's own that names no endpoint.</summary>
    public string? Address { get; }

    /// <param name="options">A copy of the caller's.</param>
    public static ServiceTags Of(RealtimeConnectionOptions options)
    {
        Uri? address = options is { Transport: not null, Endpoint: null } ? null : AddressOf(options);
        string? model = options.Model ?? (address is null ? null : ModelIn(address)) ?? (options.Endpoint is null ? options.DefaultModel : null);
        return new(SignalWords.ProviderOf(address?.Host), model, address?.Host);
    }

    public TagList ToTags(string? errorType = null)
    {
        var tags = new TagList { { Attributes.OperationName, SignalWords.Realtime }, { Attributes.ProviderName, Provider } };
        Add(ref tags, Attributes.RequestModel, Model);
        Add(ref tags, Attributes.ServerAddress, Address);
        Add(ref tags, Attributes.ErrorType, errorType);
        return tags;
    }

    public void Tell(Activity activity)
    {
        activity.SetTag(Attributes.ProviderName, Provider);
        activity.SetTag(Attributes.RequestModel, Model);
        activity.SetTag(Attributes.ServerAddress, Address);
    }

    private static void Add(ref TagList tags, string name, string? value)
    {
        if (value is not null)
        {
            tags.Add(name, value);
        }
    }

    // One that is wrong is told by whoever connects to it.
    private static Uri? AddressOf(RealtimeConnectionOptions options)
    {
        try
        {
            return RealtimeEndpoint.Resolve(options);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string? ModelIn(Uri address)
    {
        const string Name = "model=";
        string? stated = Array.Find(address.Query.TrimStart('?').Split('&'), static pair => pair.StartsWith(Name, StringComparison.Ordinal));
        return stated is null || stated.Length == Name.Length ? null : Uri.UnescapeDataString(stated[Name.Length..]);
    }
}
