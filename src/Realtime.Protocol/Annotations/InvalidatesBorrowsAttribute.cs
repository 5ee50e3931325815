namespace Realtime.Protocol;

/// <summary>Says that using this member ends what was borrowed from the same object before: a reader moves on, a buffer is used anew.</summary>
/// <remarks>
/// What the call itself gives is borrowed anew. Rule RT3001 is about values that were marked
/// <see cref="BorrowedAttribute">[Borrowed]</see> and are used after such a call. An override or an implementation of a marked member is
/// marked as well.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class InvalidatesBorrowsAttribute : Attribute;
