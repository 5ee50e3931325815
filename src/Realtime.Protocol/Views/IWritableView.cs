using System.ComponentModel;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Views;

/// <summary>A view of a value that can be copied into the class that one writes.</summary>
/// <typeparam name="TSelf">The view.</typeparam>
/// <typeparam name="TWritable">The class.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IWritableView<TSelf, TWritable>
    where TSelf : struct, IWritableView<TSelf, TWritable>, IJsonView<TSelf>, allows ref struct
    where TWritable : class
{
    /// <summary>Absent, null or a value.</summary>
    Presence Presence { get; }

    /// <summary>A copy to keep, change and write, unknown members included.</summary>
    TWritable ToWritable();
}
