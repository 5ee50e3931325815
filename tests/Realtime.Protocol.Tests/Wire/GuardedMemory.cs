using System.Runtime.InteropServices;

namespace Realtime.Protocol.Tests.Wire;

/// <summary>
/// Memory between two pages that must not be touched: a read or write of one byte outside ends the process. Where the
/// system has no such pages, or other ones, it is ordinary memory.
/// </summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly byte* _start;
    private readonly nuint _length;

    public GuardedMemory(int size)
    {
        int page = Environment.SystemPageSize;
        Size = (size + page - 1) / page * page;
        _length = (nuint)(Size + (2 * page));
        if (!OperatingSystem.IsLinux())
        {
            _start = (byte*)NativeMemory.AllocZeroed(_length);
        }
        else
        {
            _start = Map(null, _length, ReadWrite, PrivateAnonymous, -1, 0);
            Assert.NotEqual(-1, (nint)_start);
            Assert.Equal(0, Protect(_start, (nuint)page, 0));
            Assert.Equal(0, Protect(_start + page + Size, (nuint)page, 0));
        }
    }

    public int Size { get; }

    /// <summary>So many bytes, right before the guard behind them.</summary>
    public Span<byte> AtEnd(int length) => new(_start + Environment.SystemPageSize + Size - length, length);

    /// <summary>So many bytes, right behind the guard before them.</summary>
    public Span<byte> AtStart(int length) => new(_start + Environment.SystemPageSize, length);

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
        {
            Unmap(_start, _length);
        }
        else
        {
            NativeMemory.Free(_start);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
