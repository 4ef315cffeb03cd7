using System.Globalization;
using ConfigClients.Proof.Processes;
using ConfigClients.Recipes;

namespace ConfigClients.Proof.Members;

/// <summary>The role of a member: follows the group, takes its part of the partitions, and says what it sees and has.</summary>
internal sealed class MemberProcess
{
    /// <summary>The role.</summary>
    public const string Role = "join";

    /// <summary>The group.</summary>
    public const string Group = "members";

    /// <summary>How many partitions there are.</summary>
    public const int PartitionCount = 64;

    private readonly Voice _voice = new();
    private volatile string _view = "0 -";

    /// <summary>Runs until told to end. The arguments: where the store is, where the resource is, who this is.</summary>
    public static Task RunAsync(IReadOnlyList<string> arguments) =>
        new MemberProcess().RunAsync(arguments[0], int.Parse(arguments[1], CultureInfo.InvariantCulture), arguments[2]);

    private async Task RunAsync(string address, int resourcePort, string id)
    {
        await using IConfigStore store = StoreUnderProof.Open(address);
        PartitionWork work = new(_voice, resourcePort);
        await using Partitions partitions = store.CreatePartitions(Group, new PartitionsOptions
        {
            Count = PartitionCount,
            MemberId = id,
            OnAcquiring = work.StartAsync,
            OnReleasing = work.StopAsync,
            Contender = new ContenderOptions { SessionTtl = StoreUnderProof.Ttl },
        });
        _voice.Listen(_ => _voice.Say($"now {_view} {string.Join(',', partitions.Owned.Keys.Order())}"));
        try
        {
            await StoreUnderProof.InsistAsync(() => partitions.StartAsync(_voice.End));
            await foreach (MembershipView view in partitions.Group.WatchAsync(_voice.End))
            {
                string[] ids = [.. view.Members.Select(static member => member.Id)];
                _view = $"{new HashRing(ids).Digest:x} {(ids.Length == 0 ? "-" : string.Join(',', ids))}";
                _voice.Say($"view {_view}");
            }
        }
        catch (OperationCanceledException)
        {
            // Told to end.
        }
    }
}
