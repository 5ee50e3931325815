using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Realtime.Protocol.Hosting;

/// <summary>
/// Lets a changed configuration through to the options when it is one that can be connected with, and says so in the log when it is not: a slip in a file that is edited while calls run takes no further
/// call down. Sessions that are open are not touched; they read their options when they connected.
/// </summary>
internal sealed class VettedReload : IOptionsChangeTokenSource<VoiceSessionOptions>, IDisposable
{
    private readonly Lock _gate = new();
    private readonly IServiceProvider _provider;
    private readonly ConnectRecord _record;
    private readonly ILogger _logger;
    private readonly IDisposable _watch;
    private ConfigurationReloadToken _changed = new();

    public VettedReload(string name, IConfiguration configuration, IServiceProvider provider, ConnectRecord record, ILogger logger)
    {
        (Name, _provider, _record, _logger) = (name, provider, record, logger);
        _watch = ChangeToken.OnChange(configuration.GetReloadToken, Look);
    }

    public string Name { get; }

    public IChangeToken GetChangeToken() => _changed;

    public void Dispose() => _watch.Dispose();

    private void Look()
    {
        lock (_gate)
        {
            try
            {
                _provider.GetRequiredService<IOptionsFactory<VoiceSessionOptions>>().Create(Name);
            }
            catch (Exception refused)
            {
                _record.ReloadRefused(Name);
                HostLog.ReloadRefused(_logger, Name, refused is OptionsValidationException wrong ? wrong.Message : refused.GetType().Name);
                return;
            }

            _record.Reloaded(Name);
            Interlocked.Exchange(ref _changed, new()).OnReload();
        }

        HostLog.Reloaded(_logger, Name);
    }
}
