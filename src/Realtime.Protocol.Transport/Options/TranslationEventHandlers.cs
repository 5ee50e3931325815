namespace Realtime.Protocol;

/// <summary>A handler of the server's events of a translation.</summary>
/// <param name="serverEvent">Valid during the call only; <see cref="Events.Translation.ServerEvent.ToOwned"/> keeps it.</param>
public delegate void TranslationServerEventHandler(in Events.Translation.ServerEvent serverEvent);

/// <summary>A handler of the client's events of a translation.</summary>
/// <param name="clientEvent">Valid during the call only; <see cref="Events.Translation.ClientEvent.ToOwned"/> keeps it.</param>
public delegate void TranslationClientEventHandler(in Events.Translation.ClientEvent clientEvent);
