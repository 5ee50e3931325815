namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>One direction of a connection: messages on their way, and what happens to them there. What happens is decided when a message is put in, so that the tape tells it.</summary>
internal sealed class Link(Tape tape, bool loses, bool doubles, bool swaps)
{
    private const int Seldom = 12;

    private readonly List<byte[]> _messages = [];
    private int _first;

    public int Count => _messages.Count - _first;

    public void Put(byte[] message)
    {
        if (loses && tape.OnceIn(Seldom))
        {
            return;
        }

        _messages.Add(message);
        if (doubles && tape.OnceIn(Seldom))
        {
            _messages.Add(message);
        }

        if (swaps && Count > 1 && tape.OnceIn(Seldom))
        {
            (_messages[^1], _messages[^2]) = (_messages[^2], _messages[^1]);
        }
    }

    public byte[]? Take()
    {
        if (Count == 0)
        {
            _messages.Clear();
            _first = 0;
            return null;
        }

        return _messages[_first++];
    }
}
