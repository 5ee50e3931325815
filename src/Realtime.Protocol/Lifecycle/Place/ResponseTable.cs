namespace Realtime.Protocol.Lifecycle;

/// <summary>The responses that the server named in this session, by id; beyond a limit the oldest is forgotten.</summary>
/// <param name="most">How many are known at once.</param>
internal sealed class ResponseTable(int most)
{
    private readonly Queue<string> _oldest = new();
    private readonly Dictionary<string, TrackedResponse> _responses = new(Utf8IdComparer.Instance);
    private LastFound<TrackedResponse> _last = new();

    public TrackedResponse? Find(ReadOnlySpan<byte> id) =>
        _last.TryFind(id, out TrackedResponse? last) ? last
        : _last.Keep(id, _responses.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(id, out TrackedResponse? response) ? response : null);

    public void Add(TrackedResponse response)
    {
        if (_oldest.Count == most)
        {
            _responses.Remove(_oldest.Dequeue());
        }

        _last.Forget();
        _responses.Add(response.Id, response);
        _oldest.Enqueue(response.Id);
    }
}
