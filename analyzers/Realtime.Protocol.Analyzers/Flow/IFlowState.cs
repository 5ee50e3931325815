namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>What is known at one point of a body, so that <see cref="FlowBody{TState}"/> can carry it from block to block.</summary>
/// <remarks>Joining only ever adds, and there are finitely many things to add: that is why a walk over a body ends.</remarks>
/// <typeparam name="TSelf">The state itself.</typeparam>
internal interface IFlowState<TSelf>
    where TSelf : class, IFlowState<TSelf>
{
    /// <summary>What is known where two paths meet.</summary>
    TSelf Join(TSelf other);

    /// <summary>Joining the other would add nothing.</summary>
    bool Covers(TSelf other);
}
