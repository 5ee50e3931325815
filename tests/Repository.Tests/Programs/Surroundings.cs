using System.Text.Json.Serialization;

namespace Repository.Tests.Programs;

/// <summary>A loudspeaker that plays at once, and says so.</summary>
internal sealed class Speaker : MemoryStream
{
    public event Action<long>? Played;

    public int Flushes { get; private set; }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        Played?.Invoke(Length);
        return ValueTask.CompletedTask;
    }

    public override void Flush() => Flushes++;
}

/// <summary>The argument of a tool.</summary>
internal sealed record Place(string City);

/// <summary>What a tool gives.</summary>
internal sealed record Weather(string City, int Degrees)
{
    public static Task<Weather> OfAsync(string city, CancellationToken ct) => ct.IsCancellationRequested ? Task.FromCanceled<Weather>(ct) : Task.FromResult(new Weather(city, 21));
}

[JsonSerializable(typeof(Place))]
[JsonSerializable(typeof(Weather))]
internal sealed partial class ToolJson : JsonSerializerContext;
