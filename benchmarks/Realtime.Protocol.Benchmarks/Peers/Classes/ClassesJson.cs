using System.Text.Json.Serialization;

namespace Realtime.Protocol.Benchmarks.Peers.Classes;

/// <summary>What System.Text.Json's source generator makes of the classes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ServerEventClass))]
[JsonSerializable(typeof(AudioDeltaEvent))]
[JsonSerializable(typeof(TextDeltaEvent))]
[JsonSerializable(typeof(ContentDoneEvent))]
[JsonSerializable(typeof(ContentPartEvent))]
[JsonSerializable(typeof(ResponseEvent))]
[JsonSerializable(typeof(OutputItemEvent))]
[JsonSerializable(typeof(ConversationItemEvent))]
[JsonSerializable(typeof(InputEvent))]
[JsonSerializable(typeof(InputTranscriptionEvent))]
[JsonSerializable(typeof(RateLimitsEvent))]
[JsonSerializable(typeof(SessionEvent))]
public sealed partial class ClassesJson : JsonSerializerContext;
