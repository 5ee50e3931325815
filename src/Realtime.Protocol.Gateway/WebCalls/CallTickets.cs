using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Realtime.Protocol.Gateway;

/// <summary>
/// Tickets to calls of <c>MapVoiceCalls</c>: each lets in whoever holds it, to one call, for a short while, and at this process once. An application that knows its user makes one and hands it to the page, which offers it as a WebSocket
/// subprotocol; so it stands in no address and no log. A singleton of <c>AddVoiceGateway</c>. Any thread.
/// </summary>
/// <remarks>A ticket is an expiry, a number that occurs once and the call's id, signed with HMAC-SHA256. A process remembers what was used for an hour longer than it was good, so that a date that is put back by less lets nobody in again; processes with one key do not tell each other: whoever steals a ticket can use it once at each of the others while it is good, and takes the call over by it.</remarks>
public sealed class CallTickets
{
    /// <summary>What a ticket begins with among the subprotocols that a client offers.</summary>
    public const string SubprotocolPrefix = "ticket.";

    private const int HeadBytes = 8 + NonceBytes;
    private const int NonceBytes = 12;
    private const int MacBytes = 32;
    private const long RememberedMs = 3_600_000;

    // Every id that can be dialled has its ticket: a character has at most three bytes in UTF-8.
    private const int MaxIdBytes = 3 * CallWords.MaxCallIdLength;

    private readonly byte[] _key;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly ConcurrentDictionary<UInt128, long> _used = new();
    private long _swept;

    internal CallTickets(byte[]? key, TimeProvider time) => (_key, _time, _began) = (key ?? RandomNumberGenerator.GetBytes(MacBytes), time, time.GetTimestamp());

    /// <summary>Makes a ticket to a call.</summary>
    /// <param name="callId">As it stands in the address that is dialled.</param>
    /// <param name="lifetime">For how long it lets in; a call that was let in goes on. Null for one minute.</param>
    /// <exception cref="ArgumentException">The id is empty or longer than 384 bytes in UTF-8; 128 characters, the longest that can be dialled, always fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is not more than zero, or more than a day.</exception>
    public string Create(string callId, TimeSpan? lifetime = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(callId);
        TimeSpan good = lifetime ?? TimeSpan.FromMinutes(1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(good, TimeSpan.Zero, nameof(lifetime));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(good, TimeSpan.FromDays(1), nameof(lifetime));
        byte[] id = Encoding.UTF8.GetBytes(callId);
        if (id.Length > MaxIdBytes)
        {
            throw new ArgumentException($"The id of a call has at most {MaxIdBytes} bytes.", nameof(callId));
        }

        byte[] ticket = new byte[HeadBytes + MacBytes];
        BinaryPrimitives.WriteInt64BigEndian(ticket, Now() + (long)good.TotalMilliseconds);
        RandomNumberGenerator.Fill(ticket.AsSpan(8, NonceBytes));
        Sign(ticket.AsSpan(0, HeadBytes), id, ticket.AsSpan(HeadBytes));
        return Base64Url.EncodeToString(ticket);
    }

    /// <summary>Uses a ticket: true once, for the call that it was made for, until it expires.</summary>
    internal bool TryUse(string ticket, string callId, [NotNullWhen(false)] out string? wrong)
    {
        Span<byte> bytes = stackalloc byte[HeadBytes + MacBytes];
        Span<byte> due = stackalloc byte[MacBytes];
        if (ticket.Length != Base64Url.GetEncodedLength(bytes.Length) || Base64Url.DecodeFromChars(ticket, bytes, out _, out int length) is not OperationStatus.Done || length != bytes.Length)
        {
            wrong = "The ticket is none.";
            return false;
        }

        // Whose call it is stands in the signature alone: a ticket of another call is as wrong as a made-up one.
        Sign(bytes[..HeadBytes], Encoding.UTF8.GetBytes(callId), due);
        if (!CryptographicOperations.FixedTimeEquals(bytes[HeadBytes..], due))
        {
            wrong = "The ticket is not one to this call.";
            return false;
        }

        long expires = BinaryPrimitives.ReadInt64BigEndian(bytes);
        long now = Now();
        if (now >= expires)
        {
            wrong = "The ticket has expired.";
            return false;
        }

        long elapsed = Elapsed();
        Sweep(elapsed);
        UInt128 number = new(BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[12..]));
        wrong = _used.TryAdd(number, elapsed + (expires - now) + RememberedMs) ? null : "The ticket was used before.";
        return wrong is null;
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Sign(ReadOnlySpan<byte> head, ReadOnlySpan<byte> id, Span<byte> mac)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(head);
        hash.AppendData(id);
        hash.GetHashAndReset(mac);
    }

    // By the clock that nobody sets.
    private long Elapsed() => (long)_time.GetElapsedTime(_began).TotalMilliseconds;

    // Only tickets that we made are remembered. Once a second those are forgotten whose time is over.
    private void Sweep(long elapsed)
    {
        long swept = Volatile.Read(ref _swept);
        if (elapsed - swept < 1_000 || Interlocked.CompareExchange(ref _swept, elapsed, swept) != swept)
        {
            return;
        }

        foreach ((UInt128 used, long until) in _used)
        {
            if (elapsed >= until)
            {
                _used.TryRemove(used, out _);
            }
        }
    }
}
