namespace Realtime.Protocol.Lifecycle;

/// <summary>A request of the application that was not sent when its connection ended.</summary>
/// <param name="Turn">The turn that it is for.</param>
/// <param name="Intent">The same request for another machine, under the same number.</param>
public readonly record struct WaitingRequest(int Turn, SessionIntent Intent);
