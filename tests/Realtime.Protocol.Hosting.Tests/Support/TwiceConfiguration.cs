using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Realtime.Protocol.Hosting.Tests;

/// <summary>A source of somebody's own that has one key twice, in two cases.</summary>
internal sealed class TwiceConfiguration : IConfiguration
{
    private readonly IConfigurationRoot _root = new ConfigurationBuilder().AddInMemoryCollection([new("Model", "m")]).Build();

    public string? this[string key] { get => _root[key]; set => _root[key] = value; }

    public IEnumerable<IConfigurationSection> GetChildren() => [_root.GetSection("model"), _root.GetSection("Model")];

    public IChangeToken GetReloadToken() => _root.GetReloadToken();

    public IConfigurationSection GetSection(string key) => _root.GetSection(key);
}
