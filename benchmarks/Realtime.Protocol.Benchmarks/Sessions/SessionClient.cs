using System.Globalization;
using Realtime.Protocol.Benchmarks.Children;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>The sessions of one way in a process of their own, seen from outside.</summary>
public sealed class SessionClient : IDisposable
{
    private readonly ChildProcess _process;

    /// <param name="way">Whose client it is.</param>
    /// <param name="address">Of the server.</param>
    /// <param name="certificate">A certificate to trust, as a file.</param>
    public SessionClient(string way, string address, string certificate)
    {
        Way = way;

        // The platform's TLS on Linux reads the file; the SDK has no setting for a certificate of one's own.
        _process = ChildProcess.Start([new("SSL_CERT_FILE", certificate)], ChildVerbs.Talk, way, address);
    }

    public string Way { get; }

    /// <returns>What each session holds of the heap while it rests, in bytes.</returns>
    public double Open(int count) => Ask($"open {count}")[0];

    /// <returns>Nanoseconds: of the processor for each second of a session; from a piece of speech to the answer, in the middle and at the 99th percentile.</returns>
    public double[] Talk(int pieces) => Ask($"talk {pieces}");

    public void Dispose() => _process.Dispose();

    private double[] Ask(string line)
    {
        _process.Say(line);
        return [.. _process.Hear().Split(' ').Select(static number => double.Parse(number, CultureInfo.InvariantCulture))];
    }
}
