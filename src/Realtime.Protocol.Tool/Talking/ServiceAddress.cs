namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>Where the service is and how it lets us in, as a command line says it.</summary>
/// <param name="Url">The service; null for a simulator in this process.</param>
/// <param name="KeyVariable">The environment variable that holds the key; null for <see cref="TalkEndpoint.KeyVariable"/>.</param>
/// <param name="KeyHeader">The request header that carries the key.</param>
/// <param name="Model">The model to ask for; null for the service's choice.</param>
internal sealed record ServiceAddress(string? Url, string? KeyVariable, CredentialHeader KeyHeader, string? Model);
