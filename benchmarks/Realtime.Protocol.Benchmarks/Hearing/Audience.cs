using System.Globalization;
using Realtime.Protocol.Benchmarks.Children;

namespace Realtime.Protocol.Benchmarks.Hearing;

/// <summary>A server that speaks, and sessions of every way that hear it: each way in a process of its own, all connected from beginning to end.</summary>
public sealed class Audience : IDisposable
{
    private readonly ChildProcess _server;
    private readonly ChildProcess[] _clients;

    /// <param name="pieceBytes">How much sound an event brings.</param>
    /// <param name="sessions">How many sessions each way has.</param>
    public Audience(int pieceBytes, int sessions)
    {
        string size = pieceBytes.ToString(CultureInfo.InvariantCulture);
        _server = ChildProcess.Start(ChildVerbs.ServeSpeech, size);
        string port = _server.Hear();
        _clients = [.. ListeningSessions.Names.Select(way => ChildProcess.Start(ChildVerbs.Listen, way, port, size, sessions.ToString(CultureInfo.InvariantCulture)))];
        foreach (ChildProcess client in _clients)
        {
            client.Hear();
        }
    }

    /// <summary>Says so many pieces to each session of some ways, and asks them for something.</summary>
    /// <param name="question">One of those that <see cref="ListeningChild"/> hears.</param>
    /// <param name="pieces">To each session.</param>
    /// <param name="pace">How often so many pieces are said, to one session after the other.</param>
    /// <param name="ways">Those that hear them, by their index in <see cref="ListeningSessions.Names"/>.</param>
    /// <returns>The answer of each.</returns>
    public double[][] Speak(string question, int pieces, (int Milliseconds, int Pieces) pace, params int[] ways)
    {
        foreach (int way in ways)
        {
            _clients[way].Say($"{question} {pieces}");
            _clients[way].Hear();
        }

        _server.Say($"speak {pieces} {pace.Milliseconds} {pace.Pieces} {string.Join(' ', ways.Select(static way => ListeningSessions.Names[way]))}");
        _server.Hear();
        return [.. ways.Select(way => Array.ConvertAll(_clients[way].Hear().Split(' '), static number => double.Parse(number, CultureInfo.InvariantCulture)))];
    }

    public void Dispose()
    {
        foreach (ChildProcess client in _clients)
        {
            client.Dispose();
        }

        _server.Dispose();
    }
}
