using System.Runtime.ExceptionServices;
using System.Runtime.Loader;

namespace Realtime.Protocol.Analyzers.Tests.Verification;

/// <summary>Runs a program before and after a fix: it is compiled, loaded beside the real libraries, and called, and what it says it did is handed back.</summary>
/// <remarks>A program is a source with a public class <c>Program</c> that has a static <c>Run</c>, of <c>string</c> or <c>Task&lt;string&gt;</c>.</remarks>
internal static class FixedProgram
{
    public static async Task<string> Run(string source, Knows knows = Knows.Ours)
    {
        var compilation = TestProject.Compile(source, knows);
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));

        image.Position = 0;
        var context = new AssemblyLoadContext("fixed", isCollectible: true);
        context.Resolving += static (_, name) => AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, name.Name + ".dll"));
        try
        {
            var run = context.LoadFromStream(image).GetType("Program")!.GetMethod("Run")!;
            return run.Invoke(null, null) switch
            {
                Task<string> later => await later.WaitAsync(TestContext.Current.CancellationToken),
                var said => (string)said!,
            };
        }
        catch (System.Reflection.TargetInvocationException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException!);
            throw;
        }
        finally
        {
            context.Unload();
        }
    }
}
