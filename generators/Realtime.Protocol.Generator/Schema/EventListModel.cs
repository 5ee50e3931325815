namespace Realtime.Protocol.Generator.Schema;

/// <summary>What the dispatcher knows of one event: nothing that changes with a member's documentation.</summary>
internal sealed record EventModel(string Name, string WireName, string Description, int Number, int MemberCount, bool HasAudio, bool IsSequenced, bool IsHot);

/// <summary>One event with what it is listed by.</summary>
internal sealed record ListedEvent(FamilyModel Family, SchemaRole Role, string SourceFile, EventModel Event);

/// <summary>All events of one family in one direction, by number.</summary>
/// <param name="Folders">Where their files lie: a family need not be called after its folder, and may have several.</param>
internal sealed record EventListModel(FamilyModel Family, SchemaRole Role, string Folders, EquatableArray<EventModel> Events);

/// <summary>The names of all members of a family, each once and in order.</summary>
internal sealed record MemberNamesModel(FamilyModel Family, string Folders, EquatableArray<string> Names);

/// <summary>What both directions of a family share.</summary>
internal sealed record EventWriterModel(FamilyModel Family, string Folders);
