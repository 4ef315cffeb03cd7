using System.Net.Sockets;
using System.Text.Json;

namespace ConfigClients.Backends.Containers;

/// <summary>The few requests to the container engine that Testcontainers does not offer, or not on every engine.</summary>
/// <remarks>Paths carry no version prefix, so every engine answers them.</remarks>
internal static class EngineClient
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private static readonly HttpClient Http = Create();

    /// <summary>The answer to a GET; null when the engine knows no such thing.</summary>
    public static async Task<JsonElement?> GetAsync(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await Http.GetAsync(path, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return null;
        }

        using JsonDocument document = await JsonDocument.ParseAsync(
            await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
        return document.RootElement.Clone();
    }

    /// <summary>Gives an order.</summary>
    /// <exception cref="InvalidOperationException">The engine refused; its words are the message.</exception>
    public static async Task PostAsync(string path)
    {
        using HttpResponseMessage response = await Http.PostAsync(path, content: null);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    private static HttpClient Create()
    {
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new NetworkStream(EngineAddress.Connect(Timeout), ownsSocket: true)),
        };
        return new(handler) { BaseAddress = new("http://engine"), Timeout = Timeout };
    }
}
