namespace System.Runtime.CompilerServices;

/// <summary>Lets netstandard2.0 code use records and init-only properties; the compiler looks it up by name.</summary>
internal static class IsExternalInit;
