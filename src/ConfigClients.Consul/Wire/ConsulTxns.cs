using System.Text.Json;

namespace ConfigClients.Consul.Wire;

/// <summary>Sends transactions. One attempt each.</summary>
internal sealed class ConsulTxns(ConsulHttp http, ConsulKeys keys)
{
    private const long MaxAnswerBytes = 8 * 1024 * 1024;

    // Says nothing about writes, which go through the log; a transaction of checks alone is a read.
    private const string Path = "/v1/txn?consistent";

    private volatile bool _placementIsKnown;

    /// <summary>Sends one.</summary>
    /// <param name="ops">What to do.</param>
    /// <param name="cancellationToken">The deadline.</param>
    public async ValueTask<ConsulTxnAnswer> ExecuteAsync(ConsulOp[] ops, CancellationToken cancellationToken)
    {
        await ProvePlacementAsync(cancellationToken).ConfigureAwait(false);
        bool isWrite = Array.Exists(ops, static op => op.IsSet || op.Verb == ConsulVerb.Delete);
        using ConsulTxnBody request = ConsulTxnBody.Write(ops, keys, http.OperationPlacement);
        using ConsulAnswer answer = await http.SendAsync(ConsulRequest.Put(Path, request.Bytes, isWrite), cancellationToken).ConfigureAwait(false);
        if (answer.Status == 404)
        {
            throw ConsulFailures.Violation("The endpoint knows no transactions: this does not look like Consul's HTTP interface", isWrite: false);
        }

        answer.RequireJson();
        using ConsulBody body = new(MaxAnswerBytes);
        await answer.ReadAllAsync(body, cancellationToken).ConfigureAwait(false);
        try
        {
            ConsulTxnAnswer result = ConsulTxnAnswer.Read(body.Unread);
            bool isConsistent = result.Applied == (answer.Status == 200) && (!result.Applied || result.Index > 0 || !Array.Exists(ops, static op => op.IsSet));
            return !isConsistent ? throw new JsonException("status and results contradict each other")
                : result.Applied ? result
                : result with { Errors = [.. result.Errors.Select(error => error with { What = http.Redact(error.What) })] };
        }
        catch (JsonException e)
        {
            throw answer.Malformed(e);
        }
    }

    /// <summary>
    /// A server without namespaces refuses one in a query, but passes over it in a transaction, and the write would land where nobody meant it to.
    /// So before the first transaction a read must have been accepted.
    /// </summary>
    private async ValueTask ProvePlacementAsync(CancellationToken cancellationToken)
    {
        if (_placementIsKnown || http.OperationPlacement.IsEmpty)
        {
            return;
        }

        try
        {
            using ConsulAnswer answer = await http.SendAsync(ConsulRequest.Get(keys.ProbePath("") + "?consistent"), cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException e) when (e.Error == StoreError.Denied)
        {
            // It knows the namespace, and whom it is for.
        }

        _placementIsKnown = true;
    }
}
