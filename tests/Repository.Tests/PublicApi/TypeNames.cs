using System.Reflection;

namespace Repository.Tests.PublicApi;

/// <summary>Names of types as C# writes them, full, so that two types of one name stay apart.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(char)] = "char",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    public static string Full(Type type)
    {
        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsByRef)
        {
            return Full(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return Full(type.GetElementType()!) + "[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Full(value) + "?";
        }

        // A nested type repeats the arguments of the type around it; only its own are written behind its name.
        Type[] arguments = type.GetGenericArguments();
        int around = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        string scope = type.DeclaringType is { } declaring ? Full(around > 0 && !type.IsGenericTypeDefinition ? declaring.MakeGenericType(arguments[..around]) : declaring) : type.Namespace!;
        string name = type.Name.Split('`')[0];
        Type[] own = arguments[around..];
        return $"{scope}.{name}{(own.Length == 0 ? "" : $"<{string.Join(", ", own.Select(Full))}>")}";
    }

    public static string Arguments(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Full))}>" : "";
}
