using ConfigClients.Recipes;

namespace ConfigClients.Conformance.Recipes;

/// <summary>Many readers or one writer, in the order in which they came.</summary>
public abstract class ReadWriteLockConformance(StoreFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readers_share_and_keep_a_writer_out()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 3);
        string name = fixture.NewPrefix();
        LockHandle one = await clients[0].CreateReadWriteLock(name).AcquireReadAsync(cancellationToken: Stop);
        LockHandle two = await clients[1].CreateReadWriteLock(name).AcquireReadAsync(Eventually.Deadline, Stop);

        LockHandle? early = await clients[2].CreateReadWriteLock(name).TryAcquireWriteAsync(cancellationToken: Stop);
        await one.DisposeAsync();
        await two.DisposeAsync();
        await using LockHandle writer = await clients[2].CreateReadWriteLock(name).AcquireWriteAsync(Eventually.Deadline, Stop);
        LockHandle? reader = await clients[0].CreateReadWriteLock(name).TryAcquireReadAsync(cancellationToken: Stop);
        LockHandle? second = await clients[1].CreateReadWriteLock(name).TryAcquireWriteAsync(cancellationToken: Stop);

        Assert.Equal((null, null, null), (early, reader, second));
        Assert.True(writer.IsHeld);
    }

    [Fact]
    public async Task A_reader_that_comes_after_a_waiting_writer_waits_behind_it()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 3);
        string name = fixture.NewPrefix();
        LockHandle first = await clients[0].CreateReadWriteLock(name).AcquireReadAsync(cancellationToken: Stop);
        Task<LockHandle> writing = clients[1].CreateReadWriteLock(name).AcquireWriteAsync(cancellationToken: Stop);
        await Eventually.ReadAsync(async () => (await clients[0].ListAsync(name, Stop)).Entries.Count, static seats => seats == 2);
        Task<LockHandle> reading = clients[2].CreateReadWriteLock(name).AcquireReadAsync(cancellationToken: Stop);
        await Eventually.ReadAsync(async () => (await clients[0].ListAsync(name, Stop)).Entries.Count, static seats => seats == 3);
        IReadOnlyList<Contender> contenders = await clients[0].CreateReadWriteLock(name).GetContendersAsync(Stop);

        await first.DisposeAsync();
        LockHandle writer = await writing.WaitAsync(Eventually.Deadline, Stop);
        bool isReaderIn = reading.IsCompleted;
        await writer.DisposeAsync();
        await using LockHandle reader = await reading.WaitAsync(Eventually.Deadline, Stop);

        Assert.False(isReaderIn);
        Assert.Equal([true, false, false], contenders.Select(static contender => contender.IsHolder));
        Assert.True(reader.FencingToken > writer.FencingToken);
    }
}
