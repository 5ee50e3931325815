using System.Text;

namespace Realtime.Protocol.Tests.Differential;

/// <summary>
/// The messages of one connection: runs of hot events of one item, whose ids and payload change, other items and kinds in
/// between, runs that mix kinds which begin alike, and every so often a message that something happened to. All of it follows from one seed.
/// </summary>
internal sealed class SessionMessages
{
    private static readonly string[] Spaces = ["", "", "", "", " ", "\n  ", "\r\n\t"];

    private const int EventIdLength = 21;

    private readonly Random _random;
    private readonly EventTemplate[] _hot;
    private readonly EventTemplate[] _others;
    private readonly Dictionary<string, string> _ids = [];
    private readonly Dictionary<EventTemplate, int[]> _orders = [];
    private EventTemplate _running;
    private EventTemplate _other;
    private int _left;
    private bool _mixesKinds;
    private string _space = "";

    public SessionMessages(Random random, IReadOnlyList<EventTemplate> templates)
    {
        _random = random;
        _hot = [.. templates.Where(static template => template.IsHot)];
        _others = [.. templates.Where(static template => !template.IsHot)];
        _running = _other = _hot[0];
    }

    /// <summary>The bytes of audio in the last message, before something happened to it.</summary>
    public int AudioLength { get; private set; }

    public byte[] Next()
    {
        EventTemplate template = Choose();
        var message = new MessageDraft(_space);
        AudioLength = 0;
        foreach (int i in OrderOf(template))
        {
            (string name, string value) = template.Members[i];
            message.Members.Add(new(name, template.IsHot ? ValueOf(template, name, value) : value));
        }

        for (int mutations = _random.Next(5) < 3 ? 0 : _random.Next(1, 4); mutations > 0; mutations--)
        {
            MemberMutations.Apply(_random, message);
        }

        byte[] bytes = message.ToUtf8();
        if (!template.IsHot && _random.Next(2) == 0)
        {
            bytes = NestedMutations.Apply(_random, bytes);
        }

        for (int mutations = _random.Next(4) == 0 ? _random.Next(1, 3) : 0; mutations > 0; mutations--)
        {
            bytes = ByteMutations.Apply(_random, bytes);
        }

        return bytes;
    }

    private EventTemplate Choose()
    {
        if (_left-- <= 0)
        {
            _running = _hot[_random.Next(_hot.Length)];
            _other = _hot[_random.Next(_hot.Length)];
            _left = _random.Next(1, 24);
            _space = Spaces[_random.Next(Spaces.Length)];
            _mixesKinds = _random.Next(5) == 0;
            if (_random.Next(2) == 0)
            {
                _ids.Clear();
            }

            if (_random.Next(3) == 0)
            {
                _orders.Clear();
            }
        }

        return _random.Next(12) switch
        {
            0 => _hot[_random.Next(_hot.Length)],
            1 when _others.Length > 0 => _others[_random.Next(_others.Length)],
            < 6 when _mixesKinds => _other,
            _ => _running,
        };
    }

    /// <summary>The same order for as long as a run lasts: as in the schema, or any, or with the type at the end.</summary>
    private int[] OrderOf(EventTemplate template)
    {
        if (_mixesKinds)
        {
            // Several kinds begin alike, up to the payload; which one it is stands behind it.
            return [.. Enumerable.Range(0, template.Members.Count).OrderBy(i => template.Members[i].Key switch { "type" => 2, "delta" => 1, _ => 0 }).ThenBy(i => template.Members[i].Key, StringComparer.Ordinal)];
        }

        if (!_orders.TryGetValue(template, out int[]? order))
        {
            order = [.. Enumerable.Range(0, template.Members.Count)];
            switch (_random.Next(5))
            {
                case 0:
                    _random.Shuffle(order);
                    break;
                case 1:
                    Array.Sort(order, (left, right) => (template.Members[left].Key == "type").CompareTo(template.Members[right].Key == "type"));
                    break;
            }

            _orders.Add(template, order);
        }

        return order;
    }

    private string ValueOf(EventTemplate template, string name, string example)
    {
        if (name == template.AudioMember)
        {
            AudioLength = _random.Next(40) switch
            {
                0 => 0,
                < 24 => _random.Next(1, 100),
                < 38 => _random.Next(100, 500),
                _ => _random.Next(500, 3_000),
            };
            byte[] audio = new byte[AudioLength];
            _random.NextBytes(audio);
            return $"\"{Convert.ToBase64String(audio)}\"";
        }

        switch (name)
        {
            case "event_id":
                // Nearly always of one length, as every known service makes them.
                return $"\"event_{Letters(_random.Next(12) == 0 ? _random.Next(1, 24) : EventIdLength)}\"";
            case "delta" when _mixesKinds && _random.Next(2) == 0:
                // Text that is base64 by chance.
                return $"\"{string.Concat(Enumerable.Repeat("word", _random.Next(8)))}\"";
            case "delta":
                return $"\"{Letters(_random.Next(0, 40))}\"";
            case "obfuscation" or "elapsed_ms" when _random.Next(8) == 0:
                return "null";
            case "obfuscation":
                return $"\"{Letters(_random.Next(0, 12))}\"";
            case "elapsed_ms":
                return _random.Next(0, 100_000).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (example[0] != '"' || name == "type")
        {
            return example;
        }

        if (!_ids.TryGetValue(name, out string? id))
        {
            id = $"\"{Letters(_random.Next(0, 30))}\"";
            _ids.Add(name, id);
        }

        return id;
    }

    private string Letters(int count)
    {
        var text = new StringBuilder(count);
        for (int i = 0; i < count; i++)
        {
            text.Append("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ "[_random.Next(64)]);
        }

        return text.ToString();
    }
}
