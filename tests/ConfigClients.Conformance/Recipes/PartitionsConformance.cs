using System.Collections.Concurrent;
using ConfigClients.Recipes;

namespace ConfigClients.Conformance.Recipes;

/// <summary>Every partition ends with one owner, moves when members come and go, and is drained before the next one starts.</summary>
public abstract class PartitionsConformance(StoreFixture fixture)
{
    private const int Count = 24;

    private readonly ConcurrentDictionary<int, string> _working = new();
    private readonly ConcurrentDictionary<int, long> _epochs = new();
    private readonly ConcurrentBag<string> _faults = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Partitions_spread_over_the_members_and_move_when_they_come_and_go()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 3);
        string name = fixture.NewPrefix();
        await using Partitions a = await StartAsync(clients[0], name, "a");
        await UntilSpreadAsync(a);
        int alone = a.Owned.Count;

        Partitions b = await StartAsync(clients[1], name, "b");
        await UntilSpreadAsync(a, b);
        await using Partitions c = await StartAsync(clients[2], name, "c");
        await UntilSpreadAsync(a, b, c);
        int[] shared = [a.Owned.Count, b.Owned.Count, c.Owned.Count];
        await b.DisposeAsync();
        await UntilSpreadAsync(a, c);

        Assert.Equal(Count, alone);
        Assert.All(shared, static owned => Assert.InRange(owned, 1, 10));
        Assert.Empty(_faults);
    }

    [Fact]
    public async Task What_an_old_owner_still_writes_is_refused_by_the_store()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        string key = fixture.NewPrefix() + "/a";
        Partitions a = await StartAsync(clients[0], name, "a");
        await UntilSpreadAsync(a);
        PartitionOwnership before = a.Owned[0];
        WriteResult during = await clients[0].CommitAsync(before.Guard(new Transaction()).Set(key, TestValues.Of("during")), Stop);

        await a.DisposeAsync();
        await using Partitions b = await StartAsync(clients[1], name, "b");
        await UntilSpreadAsync(b);
        WriteResult after = await clients[0].CommitAsync(before.Guard(new Transaction()).Set(key, TestValues.Of("after")), Stop);
        WriteResult next = await clients[1].CommitAsync(b.Owned[0].Guard(new Transaction()).Set(key, TestValues.Of("next")), Stop);

        Assert.Equal((true, false, true, false), (during.Applied, after.Applied, next.Applied, before.IsOwned));
        Assert.True(b.Owned[0].Epoch > before.Epoch);
        Assert.Empty(_faults);
    }

    private async Task<Partitions> StartAsync(IConfigStore store, string name, string id)
    {
        Partitions partitions = store.CreatePartitions(name, new PartitionsOptions
        {
            Count = Count,
            MemberId = id,
            OnAcquiring = (owned, _) =>
            {
                if (!_working.TryAdd(owned.Partition, id))
                {
                    _faults.Add($"{id} starts {owned}, which {_working.GetValueOrDefault(owned.Partition)} still works on");
                }

                if (_epochs.GetValueOrDefault(owned.Partition) >= owned.Epoch)
                {
                    _faults.Add($"{id} starts {owned} under an epoch that is not larger");
                }

                _epochs[owned.Partition] = owned.Epoch;
                return Task.CompletedTask;
            },
            OnReleasing = async (owned, _) =>
            {
                await Task.Yield();
                _working.TryRemove(owned.Partition, out string? _);
            },
        });
        await partitions.StartAsync(Stop);
        return partitions;
    }

    private static Task UntilSpreadAsync(params Partitions[] members) => Eventually.HoldsAsync(
        () =>
        {
            IReadOnlyList<string> owners = new HashRing(members.Select(static member => member.Member!.Id)).Assign(Count);
            return members.Sum(static member => member.Owned.Count) == Count
                && members.All(member => member.Owned.Keys.All(partition => owners[partition] == member.Member!.Id));
        },
        TimeSpan.FromSeconds(20));
}
