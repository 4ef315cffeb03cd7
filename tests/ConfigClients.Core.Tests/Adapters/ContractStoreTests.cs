using ConfigClients.Adapters;
using ConfigClients.Conformance;
using ConfigClients.Core.Tests.Simulation;

namespace ConfigClients.Core.Tests.Adapters;

public sealed class ContractStoreTests : IAsyncDisposable
{
    private readonly RecordingStore _inner = new();
    private readonly ContractStore _store;

    public ContractStoreTests() => _store = new ContractStore(_inner, TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(BadKeys.NamesAndEmpty), MemberType = typeof(BadKeys))]
    public async Task A_malformed_key_never_reaches_the_store(string name)
    {
        string key = BadKeys.Find(name);

        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.GetAsync(key, Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.GetValueAsync(key, Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.SetAsync(key, default, cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.DeleteAsync(key, cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.ListAsync(key + "/", Token));
        Assert.Throws<ArgumentException>(() => _store.WatchAsync(key + "/", Token));

        Assert.Empty(_inner.Calls);
    }

    [Fact]
    public async Task What_is_too_large_never_reaches_the_store()
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.SetAsync("a", new byte[(512 * 1024) + 1], cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.CommitAsync(new Transaction(), Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.CommitAsync(new Transaction().Set("a", new byte[350 * 1024]), Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _store.OpenSessionAsync(new StoreSessionOptions { Ttl = TimeSpan.FromSeconds(9) }, Token));

        Assert.Empty(_inner.Calls);
    }

    [Fact]
    public async Task The_limits_themselves_reach_the_store()
    {
        await _store.SetAsync("a", new byte[512 * 1024], cancellationToken: Token);
        await _store.CommitAsync(new Transaction().Set("a", new byte[(350 * 1024) - 1]), Token);
        await _store.ListAsync("", Token);
        await _store.OpenSessionAsync(new StoreSessionOptions { Ttl = TimeSpan.FromSeconds(40) }, Token);

        Assert.Equal(["set", "commit", "list", "session"], _inner.Calls);
    }

    [Fact]
    public async Task A_write_under_a_lost_session_never_reaches_the_store()
    {
        await using LostSession lost = new();

        StoreException[] failures =
        [
            await Assert.ThrowsAsync<StoreException>(async () => await _store.SetAsync("a", default, default, lost, Token)),
            await Assert.ThrowsAsync<StoreException>(async () => await _store.SetAsync("a", default, Condition.HeldBy(lost), null, Token)),
            await Assert.ThrowsAsync<StoreException>(async () => await _store.DeleteAsync("a", Condition.HeldBy(lost), Token)),
            await Assert.ThrowsAsync<StoreException>(async () => await _store.CommitAsync(new Transaction().Set("a", default, lost), Token)),
            await Assert.ThrowsAsync<StoreException>(async () => await _store.CommitAsync(new Transaction().Require("a", Condition.HeldBy(lost)), Token)),
        ];

        Assert.Empty(_inner.Calls);
        Assert.All(failures, static failure => Assert.Equal((StoreError.SessionEnded, false), (failure.Error, failure.MayHaveApplied)));
    }

    [Fact]
    public async Task After_disposal_nothing_reaches_the_store_and_a_dead_session_is_no_excuse()
    {
        await using LostSession lost = new();
        await _store.DisposeAsync();
        _inner.Calls.Clear();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _store.GetAsync("a", Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _store.SetAsync("a", default, default, lost, Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _store.CommitAsync(new Transaction().Set("a", default, lost), Token));
        Assert.Throws<ObjectDisposedException>(() => _store.WatchAsync("a", Token));

        Assert.Empty(_inner.Calls);
    }

    [Fact]
    public async Task A_token_that_was_cancelled_already_never_reaches_the_store()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await _store.GetAsync("a", new CancellationToken(true)));
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await _store.OpenSessionAsync(null, new CancellationToken(true)));

        Assert.Empty(_inner.Calls);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _inner.DisposeAsync();
    }
}
