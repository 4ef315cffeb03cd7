namespace ConfigClients.Adapters;

/// <summary>Holds a store that offers <see cref="ISeatStore"/> to the contract, as <see cref="ContractStore"/> does any store.</summary>
internal sealed class ContractSeatStore(IConfigStore inner, ISeatStore seats, TimeProvider time) : ContractStore(inner, time), ISeatStore
{
    public int WatchedSeats => seats.WatchedSeats;

    public ValueTask<SeatTaken> SitDownAsync(string queue, string key, ReadOnlyMemory<byte> value, IStoreSession session, CancellationToken cancellationToken = default)
    {
        ConfigKey.CheckPrefix(queue);
        CheckSet(key, value, default, session, cancellationToken);
        return MeasureAsync(
            "set",
            key,
            (seats, queue, key, value, session, cancellationToken),
            static call => call.seats.SitDownAsync(call.queue, call.key, call.value, call.session, call.cancellationToken));
    }

    public async ValueTask StandUpAsync(string key, IStoreSession session, CancellationToken cancellationToken = default)
    {
        ConfigKey.Check(key);
        Begin(cancellationToken);
        CheckAlive(session);
        await MeasureAsync(
            "delete",
            key,
            (seats, key, session, cancellationToken),
            static async call =>
            {
                await call.seats.StandUpAsync(call.key, call.session, call.cancellationToken).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<string>> ListKeysAsync(string queue, CancellationToken cancellationToken = default)
    {
        ConfigKey.CheckPrefix(queue);
        Begin(cancellationToken);
        return MeasureAsync("list", queue, (seats, queue, cancellationToken), static call => call.seats.ListKeysAsync(call.queue, call.cancellationToken));
    }

    public ValueTask WaitUntilGoneAsync(string key, long createRevision, CancellationToken cancellationToken = default)
    {
        ConfigKey.Check(key);
        Begin(cancellationToken);
        return seats.WaitUntilGoneAsync(key, createRevision, cancellationToken);
    }
}
