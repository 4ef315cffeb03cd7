namespace ConfigClients.Backends.Etcd;

/// <summary>Asks an etcd server for its state, at the port that needs neither certificate nor user.</summary>
internal static class EtcdProbe
{
    /// <summary>Whether the server runs at all, with or without a leader.</summary>
    public static async Task<bool> AnswersAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await client.GetAsync("/health?serializable=true", cancellationToken);
        return true;
    }

    /// <summary>Whether a read reached a majority. Being full is no obstacle: reading and deleting still work.</summary>
    public static async Task<bool> ServesAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await client.GetAsync("/health?exclude=NOSPACE", cancellationToken);
        return response.IsSuccessStatusCode;
    }

    /// <summary>Whether it is the leader of a majority; one that was cut off may still take itself for a leader, but does not serve.</summary>
    public static async Task<bool> LeadsAsync(HttpClient client, CancellationToken cancellationToken) =>
        await ServesAsync(client, cancellationToken)
        && (await client.GetStringAsync("/metrics", cancellationToken)).Contains("\netcd_server_is_leader 1\n", StringComparison.Ordinal);
}
