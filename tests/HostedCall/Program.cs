using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.HostedCall;

// FOLDER holds appsettings.json; the journal is kept there too.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = args[0] });
builder.Logging.ClearProviders();
builder.Services.Configure<HostOptions>(builder.Configuration.GetSection("Host"));
builder.Services.AddVoiceSessions(builder.Configuration.GetSection("Voice"));
builder.Services.AddHostedService<OneCall>();
await builder.Build().RunAsync();
Console.WriteLine("the host has stopped");
