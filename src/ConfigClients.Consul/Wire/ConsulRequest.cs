using System.Net.Http;

namespace ConfigClients.Consul.Wire;

/// <summary>What to send.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query, escaped.</param>
/// <param name="Body">The body; empty for none.</param>
/// <param name="IsWrite">Whether a request that is cut off may have changed something that matters.</param>
/// <param name="IsWatch">Whether it waits at the server: then it uses connections of its own.</param>
internal readonly record struct ConsulRequest(
    HttpMethod Method, string Path, ReadOnlyMemory<byte> Body = default, bool IsWrite = false, bool IsWatch = false)
{
    /// <summary>A read.</summary>
    public static ConsulRequest Get(string path, bool isWatch = false) => new(HttpMethod.Get, path, IsWatch: isWatch);

    /// <summary>A PUT.</summary>
    public static ConsulRequest Put(string path, ReadOnlyMemory<byte> body, bool isWrite) => new(HttpMethod.Put, path, body, isWrite);
}
