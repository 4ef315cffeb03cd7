using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ConfigClients.Consul.Wire;

/// <summary>Opens, renews and ends sessions. One attempt each.</summary>
internal sealed class ConsulSessions(ConsulHttp http)
{
    private const int MaxAnswerBytes = 64 * 1024;

    /// <summary>Opens a session: only its TTL ends it, no health check of any node; its keys go with it; nothing is barred afterwards.</summary>
    /// <returns>Its id.</returns>
    public async ValueTask<string> CreateAsync(string? name, TimeSpan ttl, CancellationToken cancellationToken)
    {
        byte[] request = System.Text.Encoding.UTF8.GetBytes(
            $$"""{"Name":"{{JavaScriptEncoder.Default.Encode(name ?? "ConfigClients")}}","TTL":"{{Seconds(ttl)}}","LockDelay":"0s","Behavior":"delete","NodeChecks":[],"ServiceChecks":[]}""");
        using ConsulAnswer answer = await http.SendAsync(ConsulRequest.Put("/v1/session/create?", request, isWrite: true), cancellationToken).ConfigureAwait(false);
        answer.RequireJson();
        using ConsulBody body = new(MaxAnswerBytes);
        await answer.ReadAllAsync(body, cancellationToken).ConfigureAwait(false);
        try
        {
            return ReadId(body.Unread);
        }
        catch (JsonException e)
        {
            throw answer.Malformed(e);
        }
    }

    /// <summary>Renews a session.</summary>
    /// <returns>False if it is gone.</returns>
    public async ValueTask<bool> RenewAsync(string id, CancellationToken cancellationToken)
    {
        using ConsulAnswer answer = await http.SendAsync(ConsulRequest.Put($"/v1/session/renew/{id}?", default, isWrite: false), cancellationToken).ConfigureAwait(false);
        using ConsulBody body = new(MaxAnswerBytes);
        await answer.ReadAllAsync(body, cancellationToken).ConfigureAwait(false);
        return answer.Status == 200
            ? true
            : body.Unread.IndexOf("not found"u8) >= 0
            ? false
            : throw ConsulFailures.Violation("The endpoint knows no sessions: this does not look like Consul's HTTP interface", isWrite: false);
    }

    /// <summary>Ends a session, whether or not it is still there. Its keys are gone when this returns.</summary>
    public async ValueTask DestroyAsync(string id, CancellationToken cancellationToken)
    {
        using ConsulAnswer answer = await http.SendAsync(ConsulRequest.Put($"/v1/session/destroy/{id}?", default, isWrite: false), cancellationToken).ConfigureAwait(false);
        using ConsulBody body = new(MaxAnswerBytes);
        await answer.ReadAllAsync(body, cancellationToken).ConfigureAwait(false);
    }

    // With a unit always: a bare number is refused or means something else.
    private static string Seconds(TimeSpan ttl) => ttl.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + "s";

    private static string ReadId(ReadOnlySpan<byte> body)
    {
        Utf8JsonReader reader = new(body);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isId = reader.ValueTextEquals("ID"u8);
            reader.Read();
            if (isId && reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out Guid id))
            {
                return id.ToString("D");
            }

            reader.Skip();
        }

        throw new JsonException("a session without an ID");
    }
}
