using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Realtime.Protocol.AI;

/// <summary>A voice session as a client of Microsoft.Extensions.AI, for an application or a middleware that is written for one.</summary>
public static class VoiceSessionClientExtensions
{
    /// <summary>
    /// A client whose sessions are voice sessions with these options. Whatever is sent through it goes through the session's sequencer: a response that is asked for while another runs waits for its end, and those that say nothing of their own become one.
    /// </summary>
    /// <param name="options">Copied now; what a session is asked for when it is created goes on top of them.</param>
    /// <returns>A client that holds no connection of its own.</returns>
    /// <remarks>
    /// <para>
    /// <see cref="IRealtimeClient.CreateSessionAsync"/> returns when the session is configured and throws what <see cref="VoiceSession.ConnectAsync"/> does. What <see cref="RealtimeSessionOptions"/> or a message states and a voice session does not have is a
    /// <see cref="NotSupportedException"/> that names it, before anything is sent; what a rule of the protocol forbids is a <see cref="RealtimeRefusedException"/>.
    /// </para>
    /// <para>
    /// Functions among the tools of a session are declared to the model and run by whoever reads the messages, such as the middleware of <c>UseFunctionInvocation</c>. Functions in <see cref="VoiceSessionOptions.Session"/> are run by the session, as
    /// long as the session is given no other tools; their calls are told as <see cref="FunctionCallContent.InformationalOnly"/>, or not as calls at all where a middleware would run them again.
    /// </para>
    /// <para><see cref="IRealtimeClientSession.GetService"/> gives the <see cref="VoiceSession"/> itself, for what no message says.</para>
    /// </remarks>
    [Experimental("MEAI001")]
    public static IRealtimeClient AsRealtimeClient(this VoiceSessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new VoiceRealtimeClient(options.Clone());
    }
}
