using System.Buffers;
using System.Text.Json;
using Realtime.Protocol.Testing.Grammar.Client;

namespace Realtime.Protocol.Testing.Grammar;

/// <summary>
/// What a client should not do, as a checker: give it both sides of one connection, in the order in which they were said, and it names each rule that the client broke, in
/// words that the client's author understands. It judges the simulator's sessions while they run and recorded logs of any server; it knows nothing of how either is made.
/// </summary>
/// <remarks>
/// It decides nothing and answers nobody. What a service refuses is taken from the service's own refusal, so a service that allows it is never contradicted; what a service
/// takes although the conversation is wrong afterwards is seen in the order of events. Memory is bounded: an entry for each rule, and what is oldest is forgotten.
/// Nothing that was said, heard or shown as a key is kept. One caller at a time.
/// </remarks>
public sealed class ClientGrammar
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 1_000, AllowDuplicateProperties = false };
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = 1_000 };

    private readonly ViolationList _violations;
    private readonly int _connection;
    private readonly Verdicts _verdicts;
    private readonly Seen _seen = new();
    private readonly Asking _asking = new();
    private readonly RuleFamily[] _families;
    private long _count;
    private bool _hasEnded;

    /// <summary>A checker for one connection.</summary>
    /// <param name="connection">The number of the connection, which every entry repeats.</param>
    public ClientGrammar(int connection = 1)
        : this(connection, new ViolationList())
    {
    }

    /// <summary>A checker that adds what it finds to a list of many connections.</summary>
    internal ClientGrammar(int connection, ViolationList violations)
    {
        _connection = connection;
        _violations = violations;
        _verdicts = new(connection, violations);
        _families = RuleFamilies.For(_seen, _verdicts);
    }

    /// <summary>Every rule that was broken so far, one entry each, in the order in which they were first broken. A copy.</summary>
    public IReadOnlyList<Violation> Violations => _violations.Read(_connection);

    /// <summary>Takes what the client said.</summary>
    /// <param name="message">One whole message; it is not kept.</param>
    /// <param name="at">When, in milliseconds of any clock that never goes back; null when nobody wrote it down. Rules about time then say nothing.</param>
    /// <param name="number">What the message is called by in an entry, such as the number of its line; null counts the client's messages from 1.</param>
    public void AcceptClient(ReadOnlySpan<byte> message, double? at = null, long? number = null)
    {
        _count++;
        _seen.Tick(at);
        if (SaidSound.TryRead(message, number ?? _count, at, out SaidSound sound))
        {
            TakeSound(ref sound);
            return;
        }

        AcceptAnything(message, at, number ?? _count);
    }

    /// <summary>Takes what the server said. What cannot be read is passed over: it is not the client's doing.</summary>
    /// <inheritdoc cref="AcceptClient"/>
    public void AcceptServer(ReadOnlySpan<byte> message, double? at = null)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(copy);
        try
        {
            AcceptServer(copy.AsMemory(0, message.Length), at);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    /// <summary>The same for a message that nobody writes to meanwhile.</summary>
    internal void AcceptServer(ReadOnlyMemory<byte> message, double? at)
    {
        _seen.Tick(at);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(message, Lenient);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return;
        }

        using (document)
        {
            TakeServer(document.RootElement);
        }
    }

    /// <summary>The connection has ended; what nobody did until now will not be done. Called twice, it does nothing.</summary>
    /// <param name="at">When; see <see cref="AcceptClient"/>.</param>
    public void End(double? at = null)
    {
        if (_hasEnded)
        {
            return;
        }

        _hasEnded = true;
        _seen.Tick(at);
        foreach (RuleFamily family in _families)
        {
            family.Ended();
        }
    }

    // Out of line, so that the fast path makes no room for it.
    private void AcceptAnything(ReadOnlySpan<byte> message, double? at, long number)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(message.Length);
        try
        {
            message.CopyTo(copy);
            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(copy.AsMemory(0, message.Length), Strict);
            }
            catch (Exception failure) when (failure is JsonException or InvalidOperationException)
            {
                ExplainUnreadable(copy.AsSpan(0, message.Length), failure as JsonException, number, at);
                return;
            }

            using (document)
            {
                TakeClient(document.RootElement, number, at);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private void TakeSound(ref SaidSound sound)
    {
        foreach (RuleFamily family in _families)
        {
            family.Said(ref sound);
        }

        _asking.Add(sound);
    }

    private void TakeClient(JsonElement json, long number, double? at)
    {
        var asked = new Asked(number, json.Text("type") ?? "", json.Text("event_id"), at) { Target = json.Text("item_id") ?? json.Text("item.call_id") ?? json.Text("item.approval_request_id") };
        foreach (RuleFamily family in _families)
        {
            asked = family.Said(asked, json);
        }

        _asking.Add(asked);
        _seen.Said(asked, json);
    }

    private void ExplainUnreadable(Span<byte> message, JsonException? why, long number, double? at)
    {
        var asked = new Asked(number, "", null, at);
        bool isTwice = false;
        try
        {
            using JsonDocument lenient = JsonDocument.Parse(message.ToArray(), Lenient);
            asked = new Asked(number, lenient.RootElement.Text("type") ?? "", lenient.RootElement.Text("event_id"), at);
            isTwice = why is not null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Then it is no JSON at all, which the first reading said already.
        }

        MessageRules.Unreadable(_verdicts, asked, isTwice, why);
        _asking.Add(asked with { IsUnread = true });
    }

    private void TakeServer(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || json.Text("type") is not { } type)
        {
            return;
        }

        if (type == "error")
        {
            TakeError(HeardError.From(json));
            return;
        }

        _seen.Heard(type, json);
        _asking.Heard(type);
        foreach (RuleFamily family in _families)
        {
            family.Heard(type, json);
        }
    }

    private void TakeError(in HeardError error)
    {
        if (!error.BlamesTheClient || _asking.Find(error) is not { } asked)
        {
            return;
        }

        (asked.IsAnswered, asked.IsRefused) = (true, true);
        _seen.Refused(asked);
        if (asked.IsUnread)
        {
            return;
        }

        foreach (RuleFamily family in _families)
        {
            if (family.Refused(asked, error))
            {
                return;
            }
        }
    }
}
