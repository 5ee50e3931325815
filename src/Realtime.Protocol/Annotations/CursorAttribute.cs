namespace Realtime.Protocol;

/// <summary>Says that this struct remembers how far it has read: a copy of it moves on alone, and the original stays where it is.</summary>
/// <remarks>
/// Pass such a struct by <c>ref</c>. Rule RT3003 reports one that is passed by value and read further afterwards, and one that is moved
/// through an <c>in</c> parameter or a <c>readonly</c> field, where the compiler moves a copy.
/// </remarks>
[AttributeUsage(AttributeTargets.Struct, AllowMultiple = false, Inherited = false)]
public sealed class CursorAttribute : Attribute;
