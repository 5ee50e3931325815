using Xunit.v3;

namespace Realtime.Protocol.Tests.Lifecycle.Faults;

/// <summary>
/// Marks a test that asserts what is wrong today, so that the fault is shown, the suite is green, and whoever mends it finds the test red. Mending a fault means to turn its test: assert what is
/// right, which stands in the test's comments, and take this mark away. <c>--filter-trait KnownFault=B7</c> runs those of one fault.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class KnownFaultAttribute(string number) : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("KnownFault", number)];
}
