namespace Realtime.Protocol.Testing;

/// <summary>
/// The simulator said something out of order, as <see cref="Grammar.ServerGrammar"/> sees it, and nobody had asked for that. It is never thrown: it is the defect of a connection, which goes on.
/// The message names the event, the rule and ids, and has nothing of what was said.
/// </summary>
internal sealed class BrokenOrderException(string violation) : Exception($"The simulator broke the order of its events: {violation}.");
