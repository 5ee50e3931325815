namespace Realtime.Protocol.Generator.Schema;

/// <summary>What the dispatcher knows of one event: nothing that changes with a member's documentation.</summary>
internal sealed record EventModel(string Name, string WireName, string Description, int Number, int MemberCount, bool HasAudio, bool IsSequenced);

/// <summary>All events of one family in one direction, by number.</summary>
internal sealed record EventListModel(FamilyModel Family, SchemaRole Role, EquatableArray<EventModel> Events);
