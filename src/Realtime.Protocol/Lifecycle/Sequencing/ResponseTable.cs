namespace Realtime.Protocol.Lifecycle;

/// <summary>Every response that the server named in this session, by id.</summary>
internal sealed class ResponseTable
{
    private readonly Dictionary<string, TrackedResponse> _responses = new(Utf8IdComparer.Instance);

    public TrackedResponse? Find(ReadOnlySpan<byte> id) =>
        id.IsEmpty ? null : _responses.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(id, out TrackedResponse? response) ? response : null;

    public TrackedResponse? Find(string id) => _responses.GetValueOrDefault(id);

    public void Add(TrackedResponse response) => _responses.Add(response.Id, response);
}
