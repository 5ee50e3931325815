using System.Reflection;
using System.Runtime.CompilerServices;

namespace Repository.Tests.PublicApi;

/// <summary>Every public type and member of an assembly, one line each, in an order that does not depend on the compiler.</summary>
internal static class ApiListing
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly) =>
        string.Concat(assembly.GetExportedTypes().SelectMany(static type => Lines(type)).Order(StringComparer.Ordinal).Select(static line => line + "\n"));

    private static IEnumerable<string> Lines(Type type)
    {
        string name = TypeNames.Full(type);
        yield return $"{name}: {Declaration(type)}";
        if (type.IsEnum)
        {
            foreach (FieldInfo value in type.GetFields(BindingFlags.Public | BindingFlags.Static))
            {
                yield return $"{name}.{value.Name} = {Convert.ToInt64(value.GetRawConstantValue(), System.Globalization.CultureInfo.InvariantCulture)}";
            }

            yield break;
        }

        if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield return $"{name}{Parameters(type.GetMethod("Invoke")!)}";
            yield break;
        }

        foreach (MemberInfo member in type.GetMembers(Declared).Where(static member => member.GetCustomAttribute<CompilerGeneratedAttribute>() is null || member is PropertyInfo or MethodInfo { IsSpecialName: false }))
        {
            if (Line(name, member) is { } line)
            {
                yield return line;
            }
        }
    }

    private static string? Line(string type, MemberInfo member) => member switch
    {
        FieldInfo field when IsVisible(field) => $"{type}.{field.Name}: {(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{TypeNames.Full(field.FieldType)}",
        ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) => $"{type}.ctor{Parameters(constructor)}",
        PropertyInfo property when IsVisible(property.GetMethod) || IsVisible(property.SetMethod) => Property(type, property),
        EventInfo happening when IsVisible(happening.AddMethod) => $"{type}.{happening.Name}: event {TypeNames.Full(happening.EventHandlerType!)}",
        MethodInfo method when IsVisible(method) && !IsAccessor(method) => $"{type}.{method.Name}{TypeNames.Arguments(method)}{Parameters(method)}: {Modifiers(method)}{TypeNames.Full(method.ReturnType)}",
        _ => null,
    };

    private static string Property(string type, PropertyInfo property)
    {
        MethodInfo accessor = (property.GetMethod ?? property.SetMethod)!;
        string index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Parameter))}]" : "";
        bool isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        string required = property.GetCustomAttribute<RequiredMemberAttribute>() is null ? "" : "required ";
        string getter = IsVisible(property.GetMethod) ? " get;" : "";
        string setter = IsVisible(property.SetMethod) ? isInit ? " init;" : " set;" : "";
        return $"{type}.{property.Name}{index}: {Modifiers(accessor)}{required}{TypeNames.Full(property.PropertyType)} {{{getter}{setter} }}";
    }

    private static string Declaration(Type type)
    {
        string kind = type switch
        {
            { IsEnum: true } => $"enum {TypeNames.Full(Enum.GetUnderlyingType(type))}",
            { IsInterface: true } => "interface",
            { IsValueType: true } => $"{(type.GetCustomAttribute<IsReadOnlyAttribute>() is null ? "" : "readonly ")}{(type.IsByRefLike ? "ref " : "")}struct",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        IEnumerable<Type> bases = type.IsEnum || typeof(Delegate).IsAssignableFrom(type) ? [] : type.GetInterfaces().Where(static implemented => implemented.IsPublic || implemented.IsNestedPublic);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && !type.IsEnum && !typeof(Delegate).IsAssignableFrom(type))
        {
            bases = bases.Prepend(parent);
        }

        string list = string.Join(", ", bases.Select(TypeNames.Full).Order(StringComparer.Ordinal));
        return list.Length == 0 ? kind : $"{kind} ({list})";
    }

    private static string Parameters(MethodBase method) => $"({string.Join(", ", method.GetParameters().Select(Parameter))})";

    private static string Parameter(ParameterInfo parameter)
    {
        string direction = parameter switch
        {
            { IsOut: true } => "out ",
            _ when parameter.ParameterType.IsByRef && parameter.GetRequiredCustomModifiers().Length + parameter.GetCustomAttributes<IsReadOnlyAttribute>().Count() > 0 => "in ",
            _ when parameter.ParameterType.IsByRef => "ref ",
            _ => "",
        };
        return $"{direction}{TypeNames.Full(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.RawDefaultValue ?? "default"}" : "")}";
    }

    private static string Modifiers(MethodBase method) =>
        (method.IsStatic ? "static " : "") + (method.IsAbstract && method.DeclaringType is { IsInterface: false } ? "abstract " : method.IsVirtual && !method.IsFinal && method.DeclaringType is { IsInterface: false } ? "virtual " : "");

    private static bool IsAccessor(MethodInfo method) => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static bool IsVisible(FieldInfo field) => field is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };
}
