using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Children;
using Realtime.Protocol.Benchmarks.Generation;
using Realtime.Protocol.Benchmarks.Ratios;

if (args is [ChildVerbs.Prefix, ..])
{
    return await ChildVerbs.RunAsync(args.AsMemory(1));
}

// "check" asks every benchmark method for its answer and times nothing; "generator" holds the generator to its goals;
// anything else goes to BenchmarkDotNet.
if (args is ["check"])
{
    return AnswerReport.Print(Console.Out);
}

if (args is ["generator"])
{
    return GeneratorGoals.Print(Console.Out);
}

if (args is ["ratios", ..])
{
    return RatiosCommand.Print(Console.Out, args is [_, "--only", var only] ? only.Split(',') : []);
}

// The framework builds the project once more, with the generator and without a compiler server, and times each method
// in a process of its own. On a busy machine that build outlasts the two minutes that it is given.
IConfig config = ManualConfig.Create(DefaultConfig.Instance).WithBuildTimeout(TimeSpan.FromMinutes(10));
Summary[] summaries = [.. BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config)];
return summaries.All(summary => !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success)) ? 0 : 1;
