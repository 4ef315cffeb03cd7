using Etcdserverpb;
using Grpc.Core;

namespace ConfigClients.Etcd.Wire;

/// <summary>Carries out commits.</summary>
internal sealed class EtcdTxns(EtcdCalls calls)
{
    private static readonly Func<EtcdMember, TxnRequest, CallOptions, AsyncUnaryCall<TxnResponse>> Txn =
        static (member, request, options) => member.Values.TxnAsync(request, options);

    /// <summary>Carries one out; tries again while it is only a guess of this side that was wrong.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Throttled"/> if others change how the keys live faster than this side learns it; nothing was written.</exception>
    public async ValueTask<WriteResult> CommitAsync(EtcdCommit commit, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < EtcdCommit.MaxTries; attempt++)
        {
            if (commit.Judge(await calls.SendAsync(Txn, commit.Build(), isWrite: true, cancellationToken).ConfigureAwait(false)) is { } result)
            {
                return result;
            }
        }

        throw new StoreException(StoreError.Throttled, "Other clients keep creating, deleting or binding the keys of this write; nothing was written.");
    }
}
