using ConfigClients.Conformance;
using Medallion.Threading;

namespace ConfigClients.DistributedLocks.Tests;

/// <summary>What users of <c>Medallion.Threading</c> rely on, by its own interfaces and extensions.</summary>
public abstract class ProviderConformance(StoreFixture fixture)
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_holds_a_lock_others_get_null_or_a_timeout_until_it_is_let_go()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        IDistributedLock first = Provider(clients, 0, out string prefix).CreateLock("a");
        IDistributedLock second = Provider(clients, 1, prefix).CreateLock("a");

        IDistributedSynchronizationHandle held = await first.AcquireAsync(cancellationToken: Stop);
        IDistributedSynchronizationHandle? looked = await second.TryAcquireAsync(cancellationToken: Stop);
        IDistributedSynchronizationHandle? waited = await second.TryAcquireAsync(Short, Stop);
        await Assert.ThrowsAsync<TimeoutException>(() => second.AcquireAsync(Short, Stop).AsTask());
        await Assert.ThrowsAsync<TimeoutException>(() => second.AcquireAsync(TimeSpan.Zero, Stop).AsTask());
        ValueTask<IDistributedSynchronizationHandle> waiting = second.AcquireAsync(Timeout.InfiniteTimeSpan, Stop);
        await held.DisposeAsync();
        await using IDistributedSynchronizationHandle next = await waiting.AsTask().WaitAsync(Eventually.Deadline, Stop);

        Assert.Equal((null, null), (looked, waited));
        Assert.True(next.GetFencingToken() > ((StoreLockHandle)held).Hold.FencingToken);
    }

    [Fact]
    public async Task The_synchronous_members_do_the_same()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        IDistributedLock first = Provider(clients, 0, out string prefix).CreateLock("a");
        IDistributedLock second = Provider(clients, 1, prefix).CreateLock("a");

        bool isRefused;
        using (first.Acquire(TimeSpan.FromSeconds(10), Stop))
        {
            isRefused = second.TryAcquire(cancellationToken: Stop) is null;
            Assert.Throws<TimeoutException>(() => second.Acquire(Short, Stop));
        }

        using IDistributedSynchronizationHandle? after = second.TryAcquire(cancellationToken: Stop);
        Assert.True(isRefused && after is not null);
    }

    [Fact]
    public async Task A_cancelled_wait_throws_and_leaves_nothing_behind()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        IDistributedLock first = Provider(clients, 0, out string prefix).CreateLock("a");
        IDistributedLock second = Provider(clients, 1, prefix).CreateLock("a");
        await using IDistributedSynchronizationHandle held = await first.AcquireAsync(cancellationToken: Stop);
        using CancellationTokenSource enough = new(Short);
        using CancellationTokenSource already = new(TimeSpan.Zero);
        await already.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.AcquireAsync(null, enough.Token).AsTask());
        Assert.ThrowsAny<OperationCanceledException>(() => second.TryAcquire(TimeSpan.FromSeconds(1), enough.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.TryAcquireAsync(cancellationToken: already.Token).AsTask());

        await Eventually.ReadAsync(async () => (await clients[1].ListAsync(prefix, Stop)).Entries.Count, static seats => seats == 1);
    }

    [Fact]
    public async Task A_lost_hold_cancels_its_token_and_letting_go_does_not()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        ConfigStoreLockProvider provider = Provider(clients, 0, out _);
        await using IDistributedSynchronizationHandle lost = await provider.AcquireLockAsync("a", cancellationToken: Stop);
        IDistributedSynchronizationHandle released = await provider.AcquireLockAsync("b", cancellationToken: Stop);
        CancellationToken releasedToken = released.HandleLostToken;

        await clients[1].DeleteAsync(((StoreLockHandle)lost).Hold.SeatKey, cancellationToken: Stop);
        await Eventually.HoldsAsync(() => lost.HandleLostToken.IsCancellationRequested);
        await released.DisposeAsync();
        await released.DisposeAsync();
        released.Dispose();

        Assert.Equal((true, false), (lost.HandleLostToken.CanBeCanceled, releasedToken.IsCancellationRequested));
        Assert.Throws<ObjectDisposedException>(() => released.HandleLostToken);
    }

    [Fact]
    public async Task Readers_share_and_a_writer_excludes_them()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        IDistributedReaderWriterLockProvider first = Provider(clients, 0, out string prefix);
        IDistributedReaderWriterLock second = Provider(clients, 1, prefix).CreateReaderWriterLock("a");

        await using (await first.AcquireReadLockAsync("a", cancellationToken: Stop))
        {
            await using IDistributedSynchronizationHandle? reader = await second.TryAcquireReadLockAsync(cancellationToken: Stop);
            Assert.NotNull(reader);
            Assert.Null(await second.TryAcquireWriteLockAsync(cancellationToken: Stop));
            Assert.Throws<TimeoutException>(() => second.AcquireWriteLock(Short, Stop));
        }

        using IDistributedSynchronizationHandle writer = second.AcquireWriteLock(cancellationToken: Stop);
        Assert.Null(first.TryAcquireReadLock("a", cancellationToken: Stop));
        Assert.Null(await first.TryAcquireWriteLockAsync("a", cancellationToken: Stop));
    }

    [Fact]
    public async Task A_semaphore_lets_in_as_many_as_it_says()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        ConfigStoreLockProvider first = Provider(clients, 0, out string prefix);
        IDistributedSemaphore second = Provider(clients, 1, prefix).CreateSemaphore("a", 2);

        await using IDistributedSynchronizationHandle one = await first.AcquireSemaphoreAsync("a", 2, cancellationToken: Stop);
        using IDistributedSynchronizationHandle two = second.Acquire(cancellationToken: Stop);
        IDistributedSynchronizationHandle? three = await second.TryAcquireAsync(Short, Stop);
        await one.DisposeAsync();
        using IDistributedSynchronizationHandle? four = second.TryAcquire(cancellationToken: Stop);

        Assert.Equal((2, true, true), (second.MaxCount, three is null, four is not null));
        Assert.Throws<ArgumentOutOfRangeException>(() => first.CreateSemaphore("a", 0));
    }

    [Fact]
    public async Task Several_locks_are_acquired_all_or_none()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        IDistributedLockProvider first = Provider(clients, 0, out string prefix);
        IDistributedLockProvider second = Provider(clients, 1, prefix);

        await using IDistributedSynchronizationHandle middle = await first.AcquireLockAsync("b", cancellationToken: Stop);
        IDistributedSynchronizationHandle? none = await second.TryAcquireAllLocksAsync(["a", "b", "c"], cancellationToken: Stop);
        await middle.DisposeAsync();
        await using IDistributedSynchronizationHandle? all = await second.TryAcquireAllLocksAsync(["a", "b", "c"], cancellationToken: Stop);

        Assert.Equal((true, true), (none is null, all is not null));
        Assert.Null(await first.TryAcquireLockAsync("c", cancellationToken: Stop));
        Assert.Throws<ArgumentException>(() => all!.GetFencingToken());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("Ünïcode, spaces: and *")]
    [InlineData("e\u0301")]
    [InlineData("..")]
    public async Task Any_name_is_one_lock_and_only_one(string name)
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        ConfigStoreLockProvider first = Provider(clients, 0, out string prefix);
        ConfigStoreLockProvider second = Provider(clients, 1, prefix);
        string[] others = ["a", "b", "a/b/c", "A/B", "\u00e9", " "];

        await using IDistributedSynchronizationHandle held = await first.AcquireLockAsync(name, cancellationToken: Stop);
        IDistributedSynchronizationHandle? same = await second.TryAcquireLockAsync(name, cancellationToken: Stop);

        Assert.Null(same);
        foreach (string other in others)
        {
            await using IDistributedSynchronizationHandle? free = await second.TryAcquireLockAsync(other, cancellationToken: Stop);
            Assert.NotNull(free);
        }
    }

    private static ConfigStoreLockProvider Provider(StoreClients clients, int number, string prefix) =>
        new(clients[number], new ConfigStoreLockOptions { Prefix = prefix });

    private ConfigStoreLockProvider Provider(StoreClients clients, int number, out string prefix) => Provider(clients, number, prefix = fixture.NewPrefix());
}
