using Realtime.Protocol.Testing.Grammar;

namespace Realtime.Protocol.Testing.Tests.Grammar;

/// <summary>A rule in frames: one wire on which it is broken, and one that is as near to it as possible and on which nothing is.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Level">At which level it is broken.</param>
/// <param name="Says">A part of what is said.</param>
/// <param name="Broken">The wire on which it is broken, and nothing else.</param>
/// <param name="Clean">The wire on which nothing is broken.</param>
internal sealed record RuleCase(string Rule, ViolationLevel Level, string Says, string Broken, string Clean);
