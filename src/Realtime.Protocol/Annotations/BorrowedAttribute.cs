namespace Realtime.Protocol;

/// <summary>Says that this value is memory of somebody else, lent for a while: whoever wants it for longer copies it.</summary>
/// <remarks>
/// On a method (which speaks of what it returns), an <c>out</c> parameter or a property of a class: the value is valid until a member
/// marked <see cref="InvalidatesBorrowsAttribute">[InvalidatesBorrows]</see> of the same object is used, and as long as the memory that
/// was passed to the method. On a property of a struct: the value is valid as long as the struct was. On any other parameter: it is valid
/// until the method has returned, or until the task that it returned has completed. On a field: whoever stores there knows that it is lent.
/// Rule RT3001 reports a value that is used after its time, rule RT3002 one that is stored where it outlives it. Mark your own buffers,
/// readers and wrappers, and their callers are checked as well.
/// </remarks>
[AttributeUsage(
    AttributeTargets.Method | AttributeTargets.ReturnValue | AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.Field,
    AllowMultiple = false,
    Inherited = true)]
public sealed class BorrowedAttribute : Attribute
{
    /// <summary>
    /// True when the value lies only in the memory that was passed to the method, so that it stays valid when the object moves on. False
    /// unless it is said.
    /// </summary>
    public bool FromArgumentsOnly { get; set; }
}
