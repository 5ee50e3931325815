using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Realtime.Protocol.Benchmarks;
using Realtime.Protocol.Benchmarks.Children;

if (args is [ChildVerbs.Prefix, ..])
{
    return await ChildVerbs.RunAsync(args.AsMemory(1));
}

if (Commands.Take(args))
{
    return await Commands.RunAsync(args);
}

// The framework builds the project once more, with the generator and without a compiler server, and times each method
// in a process of its own. On a busy machine that build outlasts the two minutes that it is given.
IConfig config = ManualConfig.Create(DefaultConfig.Instance).WithBuildTimeout(TimeSpan.FromMinutes(10));
Summary[] summaries = [.. BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config)];
return summaries.All(summary => !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success)) ? 0 : 1;
