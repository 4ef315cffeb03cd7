using System.Runtime.CompilerServices;
using Grpc.Core;

namespace ConfigClients.Etcd.Wire;

/// <summary>Sends one call to one member, with a fresh token if the old one is refused, and makes every failure a failure of the contract. Thread-safe.</summary>
/// <param name="members">Where calls go.</param>
/// <param name="credentials">What goes along.</param>
/// <param name="readTimeout">With several members, how long a read waits for one of them before it counts as failed.</param>
/// <param name="time">The clock.</param>
internal sealed class EtcdCalls(EtcdMembers members, EtcdCredentials credentials, TimeSpan readTimeout, TimeProvider time)
{
    /// <summary>Sends a call.</summary>
    /// <param name="send">Starts it.</param>
    /// <param name="request">What to send; may be sent twice if the token is refused.</param>
    /// <param name="isWrite">Whether it can change something.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StoreException">Any failure but cancellation.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TAnswer> SendAsync<TRequest, TAnswer>(
        Func<EtcdMember, TRequest, CallOptions, AsyncUnaryCall<TAnswer>> send, TRequest request, bool isWrite, CancellationToken cancellationToken)
    {
        EtcdMember member = members.Pick();
        long sentAt = time.GetTimestamp();

        // A write that is cut off leaves an unknown outcome: it gets all the time there is.
        using CancellationTokenSource? patience = members.Count > 1 && !isWrite ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken) : null;
        patience?.CancelAfter(readTimeout);
        CancellationToken either = patience?.Token ?? cancellationToken;
        for (bool renewed = false; ; renewed = true)
        {
            Metadata? headers = credentials.Current;
            bool isSent = headers is not null;
            try
            {
                headers ??= await credentials.GetAsync(member, either).ConfigureAwait(false);
                isSent = true;
                using AsyncUnaryCall<TAnswer> call = send(member, request, new CallOptions(headers, cancellationToken: either));
                TAnswer answer = await call.ResponseAsync.ConfigureAwait(false);
                members.Answered(member);
                return answer;
            }
            catch (RpcException e) when (!renewed && isSent && credentials.Renew(headers!, e))
            {
                // Refused before it was carried out: the same call once more, with a new token.
            }
            // Cut off in the middle of an answer, a call can also end with what it was reading disposed of.
            catch (Exception e) when (either.IsCancellationRequested
                && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled } or RpcException { Status.DebugException: ObjectDisposedException or OperationCanceledException })
            {
                if (time.GetElapsedTime(sentAt) > readTimeout / 2)
                {
                    members.Suspect(member);
                }

                cancellationToken.ThrowIfCancellationRequested();
                throw new StoreException(StoreError.Unavailable, $"{member.Name} did not answer within {readTimeout.TotalSeconds} s.", false, e);
            }
            catch (RpcException e)
            {
                throw Failed(member, EtcdFailures.From(e, member.Name, isWrite && isSent));
            }
            catch (OperationCanceledException e)
            {
                throw Failed(member, EtcdFailures.From(e, member.Name, isWrite && isSent));
            }
        }
    }

    private StoreException Failed(EtcdMember member, StoreException failure)
    {
        if (failure.Error is StoreError.Unavailable or StoreError.ProtocolViolation)
        {
            members.Leave(member, failure.Message);
        }

        return failure;
    }
}
