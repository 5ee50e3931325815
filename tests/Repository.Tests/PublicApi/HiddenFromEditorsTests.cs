using System.ComponentModel;
using System.Reflection;
using Realtime.Protocol.Events;

namespace Repository.Tests.PublicApi;

/// <summary>
/// What generated code calls is public, since the code may be generated in any project; an editor need not offer it to whoever types. Two types of it are for users too:
/// they name what an event that is written can do, and what takes one of any kind.
/// </summary>
public class HiddenFromEditorsTests
{
    private static readonly string[] Shown = ["Realtime.Protocol.Wire.IJsonWritable", "Realtime.Protocol.Wire.IEventVisitor"];

    private static Type[] Types { get; } = typeof(ServerEvent).Assembly.GetExportedTypes();

    [Fact]
    public void EveryHelperOfGeneratedCode_IsHidden() =>
        Assert.Equal(Shown.Order(), Types.Where(static type => IsHelper(type) && !IsHidden(type)).Select(static type => type.FullName!).Order());

    [Fact]
    public void EveryMemberThatSpeaksOfThem_IsHidden() =>
        Assert.Empty(Types
            .Where(static type => !IsHelper(type))
            .SelectMany(static type => type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(static member => SpeaksOf(member).Any(static type => IsHelper(type) && IsHidden(type)) && !IsHidden(member))
            .Select(static member => $"{member.DeclaringType}.{member}"));

    [Theory]
    [InlineData("Bind")]
    [InlineData("Validate")]
    [InlineData("PassInOrder")]
    public void WhatOnlyReadersCall_IsNoMemberOfAView(string name) =>
        Assert.DoesNotContain(Types, type => !IsHelper(type) && type.GetMethod(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static) is not null);

    private static bool IsHelper(Type type) => type.Namespace is "Realtime.Protocol.Wire" or "Realtime.Protocol.Views";

    private static bool IsHidden(MemberInfo member) => member.GetCustomAttribute<EditorBrowsableAttribute>() is { State: EditorBrowsableState.Never };

    private static IEnumerable<Type> SpeaksOf(MemberInfo member) => (member switch
    {
        MethodInfo method => method.GetParameters().Select(static parameter => parameter.ParameterType).Append(method.ReturnType),
        ConstructorInfo constructor => constructor.GetParameters().Select(static parameter => parameter.ParameterType),
        PropertyInfo property => [property.PropertyType],
        FieldInfo field => [field.FieldType],
        _ => Enumerable.Empty<Type>(),
    }).SelectMany(static type => Parts(type));

    private static IEnumerable<Type> Parts(Type type) => type.HasElementType ? Parts(type.GetElementType()!) : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];
}
