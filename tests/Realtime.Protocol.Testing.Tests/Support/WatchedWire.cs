using System.Globalization;
using System.Text;
using Realtime.Protocol.Testing.Grammar;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>
/// What went over a wire, as text: a line is a time in milliseconds, <c>></c> for the client or <c>&lt;</c> for the server, and the message. Without a time, <c>-</c> stands there.
/// </summary>
internal static class WatchedWire
{
    /// <summary>What a checker finds in what was said in a test.</summary>
    public static IReadOnlyList<Violation> Judge(Transcript transcript) =>
        Judge(string.Concat(transcript.Lines.Select(static line => $"{line.At.ToString(CultureInfo.InvariantCulture)} {(line.Speaker == Speaker.Client ? '>' : '<')} {line.Json}\n")));

    /// <summary>Gives all lines to a checker, ends the connection at the time of the last one, and gives what was found.</summary>
    public static IReadOnlyList<Violation> Judge(string wire, bool ends = true)
    {
        var grammar = new ClientGrammar();
        double? last = null;
        foreach (string line in wire.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = line.Split(' ', 3);
            double? at = parts[0] == "-" ? null : double.Parse(parts[0], CultureInfo.InvariantCulture);
            byte[] message = Encoding.UTF8.GetBytes(parts[2]);
            if (parts[1] == ">")
            {
                grammar.AcceptClient(message, at);
            }
            else
            {
                grammar.AcceptServer(message, at);
            }

            last = at ?? last;
        }

        if (ends)
        {
            grammar.End(last);
        }

        return grammar.Violations;
    }
}
