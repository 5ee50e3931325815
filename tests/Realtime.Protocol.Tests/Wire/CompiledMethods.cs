using System.Diagnostics.Tracing;
using System.Reflection;
using System.Runtime.Loader;

namespace Realtime.Protocol.Tests.Wire;

/// <summary>
/// Which methods of the library a piece of work runs: those that the runtime compiles for it in a copy of the library that has
/// run nothing yet. The copy is loaded with one of these tests, so that other tests, which run meanwhile, are not mistaken for it.
/// </summary>
internal sealed class CompiledMethods : EventListener
{
    private const EventKeywords Loader = (EventKeywords)0x8;
    private const EventKeywords Jit = (EventKeywords)0x10;
    private const string Library = "Realtime.Protocol";

    private readonly TaskCompletionSource _isLast = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly HashSet<string> _names = [];
    private readonly HashSet<object> _copies = [];

    /// <summary>Runs the work and gives the methods that were compiled for it, as <c>Type.Method</c>.</summary>
    /// <param name="work">A static method of this assembly, without parameters. Whoever calls it compiles nothing else of the copy.</param>
    public static async Task<IReadOnlySet<string>> OfAsync(MethodInfo work)
    {
        using var compiled = new CompiledMethods();
        var copy = new Copy();
        Type type = copy.LoadFromAssemblyPath(work.DeclaringType!.Assembly.Location).GetType(work.DeclaringType.FullName!, throwOnError: true)!;
        type.GetMethod(work.Name, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!.Invoke(null, null);

        // Events come in the order of what happened on this thread, some time later: this one is the last.
        Type last = copy.LoadFromAssemblyName(typeof(Protocol.Wire.Base64Text).Assembly.GetName()).GetType(typeof(Protocol.Wire.Base64Text).FullName!, throwOnError: true)!;
        last.GetMethod(nameof(Protocol.Wire.Base64Text.MaxDecodedLength))!.Invoke(null, [Activator.CreateInstance(last.Assembly.GetType(typeof(Protocol.Wire.Slot).FullName!)!)]);
        await compiled._isLast.Task.WaitAsync(TestContext.Current.CancellationToken);
        lock (compiled._lock)
        {
            return new HashSet<string>(compiled._names);
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Verbose, Loader | Jit);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        string? name = eventData.EventName;
        if (name is null || !(name.StartsWith("ModuleLoad", StringComparison.Ordinal) || name.StartsWith("MethodLoadVerbose", StringComparison.Ordinal)))
        {
            return;
        }

        object? Of(string field) => eventData.Payload![eventData.PayloadNames!.IndexOf(field)];
        lock (_lock)
        {
            if (name.StartsWith("ModuleLoad", StringComparison.Ordinal))
            {
                if (Path.GetFileNameWithoutExtension((string)Of("ModuleILPath")!) == Library)
                {
                    _copies.Add(Of("ModuleID")!);
                }
            }
            else if (_copies.Contains(Of("ModuleID")!))
            {
                string type = (string)Of("MethodNamespace")!;
                string method = $"{type[(type.LastIndexOf('.') + 1)..]}.{Of("MethodName")}";
                _names.Add(method);
                if (method == $"{nameof(Protocol.Wire.Base64Text)}.{nameof(Protocol.Wire.Base64Text.MaxDecodedLength)}")
                {
                    _isLast.TrySetResult();
                }
            }
        }
    }

    private sealed class Copy() : AssemblyLoadContext("copy")
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == Library ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, $"{Library}.dll")) : null;
    }
}
