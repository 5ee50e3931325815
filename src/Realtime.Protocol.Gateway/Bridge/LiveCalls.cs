using System.Net;
using System.Net.Sockets;

namespace Realtime.Protocol.Gateway;

/// <summary>The calls that run here: how many, from where, and which. One id is one call: who comes again takes the place of who was there.</summary>
internal sealed class LiveCalls
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, CallBridge> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<object, Dictionary<IPAddress, int>> _byAddress = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, int> _counts = new(ReferenceEqualityComparer.Instance);

    /// <summary>Takes a place for a call that comes in; null leaves the door open.</summary>
    /// <param name="options">Whose limits hold: of where it came in.</param>
    public DoorClosed? TryEnter(CallOptions options, IPAddress? address)
    {
        lock (_lock)
        {
            int count = _counts.GetValueOrDefault(options);
            if (count >= options.MaxCalls)
            {
                return DoorClosed.Full;
            }

            if (address is not null)
            {
                IPAddress network = NetworkOf(address);
                Dictionary<IPAddress, int> addresses = _byAddress.TryGetValue(options, out Dictionary<IPAddress, int>? known) ? known : _byAddress[options] = [];
                int fromThere = addresses.GetValueOrDefault(network);
                if (fromThere >= options.MaxCallsPerAddress)
                {
                    return DoorClosed.TooManyFromThere;
                }

                addresses[network] = fromThere + 1;
            }

            _counts[options] = count + 1;
            return null;
        }
    }

    /// <summary>Gives the place back.</summary>
    public void Leave(CallOptions options, IPAddress? address)
    {
        lock (_lock)
        {
            _counts[options]--;
            if (address is not null)
            {
                IPAddress network = NetworkOf(address);
                Dictionary<IPAddress, int> addresses = _byAddress[options];
                if (--addresses[network] == 0)
                {
                    addresses.Remove(network);
                }
            }
        }
    }

    /// <summary>From now on this is the call of the id. Gives who was it.</summary>
    public CallBridge? Take(string id, CallBridge bridge)
    {
        lock (_lock)
        {
            CallBridge? before = _byId.GetValueOrDefault(id);
            _byId[id] = bridge;
            return before;
        }
    }

    /// <summary>It has ended; who took its place stays.</summary>
    public void Remove(string id, CallBridge bridge)
    {
        lock (_lock)
        {
            if (_byId.GetValueOrDefault(id) == bridge)
            {
                _byId.Remove(id);
            }
        }
    }

    /// <summary>What one subscriber has to himself: of IPv6 the first 64 bits.</summary>
    internal static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
        {
            return address;
        }

        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new(bytes);
    }
}

/// <summary>Why a call is not let in.</summary>
internal enum DoorClosed
{
    Full,
    TooManyFromThere,
}
