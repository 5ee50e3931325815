using System.Reflection;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Running;

namespace Realtime.Protocol.Benchmarks.Answers;

/// <summary>
/// Runs the checks of every benchmark class of this assembly, with every combination of its parameters, and prints one
/// line per check. The benchmark framework itself lists classes and combinations: whatever it would time is checked.
/// </summary>
public static class AnswerReport
{
    /// <returns>The exit code: 0 when every answer is right, 1 when one is wrong or there was none to check.</returns>
    public static int Print(TextWriter output)
    {
        int passed = 0;
        int failed = 0;
        foreach ((string name, AnswerCheck check) in AllChecks())
        {
            if (FaultOf(check) is { } fault)
            {
                failed++;
                output.WriteLine($"WRONG  {name}: {fault}");
            }
            else
            {
                passed++;
                output.WriteLine($"ok     {name}");
            }
        }

        output.WriteLine($"{passed} answers right, {failed} wrong");
        return passed > 0 && failed == 0 ? 0 : 1;
    }

    private static IEnumerable<(string Name, AnswerCheck Check)> AllChecks()
    {
        var benchmarks =
            from type in Assembly.GetExecutingAssembly().GetTypes()
            where type.IsSubclassOf(typeof(CheckedBenchmark)) && !type.IsAbstract
            orderby type.Name
            from parameters in BenchmarkConverter.TypeToBenchmarks(type).BenchmarksCases.Select(timed => timed.Parameters).DistinctBy(parameters => parameters.DisplayInfo)
            select (Type: type, Parameters: parameters);
        foreach ((Type type, ParameterInstances parameters) in benchmarks)
        {
            CheckedBenchmark benchmark = Prepared(type, parameters);
            foreach (AnswerCheck check in benchmark.Checks())
            {
                yield return ($"{type.Name}.{check.Method} {parameters.DisplayInfo}".TrimEnd(), check);
            }

            benchmark.Release();
        }
    }

    private static CheckedBenchmark Prepared(Type type, ParameterInstances parameters)
    {
        var benchmark = (CheckedBenchmark)Activator.CreateInstance(type)!;
        foreach (ParameterInstance parameter in parameters.Items)
        {
            type.GetProperty(parameter.Name)!.SetValue(benchmark, parameter.Value);
        }

        benchmark.Prepare();
        return benchmark;
    }

    // A reader that refuses the message is as wrong as one that misreads it; the other checks still run.
    private static string? FaultOf(AnswerCheck check)
    {
        try
        {
            return check.Fault();
        }
        catch (Exception refusal)
        {
            return refusal.Message;
        }
    }
}
