namespace System.Runtime.CompilerServices;

/// <summary>What the compiler looks for on <see cref="Realtime.Protocol.Generator.Emit.Template"/>; netstandard2.0 has none.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class InterpolatedStringHandlerAttribute : Attribute;
