namespace Realtime.Protocol.Testing.Hosting;

/// <summary>Someone else listens on the port that a simulator was told to listen on.</summary>
public sealed class PortInUseException : IOException
{
    internal PortInUseException(int port, Exception cause)
        : base($"Port {port} is in use by another program: choose another port, or 0 for any that is free.", cause) => Port = port;

    /// <summary>The port.</summary>
    public int Port { get; }
}
