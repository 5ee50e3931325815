namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Marks the one place where a rule of the protocol's lifecycle is decided. A rule looks and answers: it allows, defers, replaces, drops or rejects, and never changes anything.
/// The table in README.md beside the machine has a row for each id; a test compares the two.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
internal sealed class LifecycleRuleAttribute(string id) : Attribute
{
    /// <summary>The rule's id, such as <c>RC-01</c>.</summary>
    public string Id { get; } = id;
}
