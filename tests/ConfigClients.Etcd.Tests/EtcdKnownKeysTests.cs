using ConfigClients.Etcd.Wire;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdKnownKeysTests
{
    private readonly EtcdKnownKeys _known = new();

    [Fact]
    public void Only_what_was_added_and_not_removed_is_known()
    {
        _known.Add("a");
        _known.Add("b");
        _known.Remove("b");

        Assert.Equal((true, false, false), (_known.Has("a"), _known.Has("b"), _known.Has("c")));
    }

    [Fact]
    public void Many_keys_take_no_more_room_and_no_key_is_taken_for_another()
    {
        for (int i = 0; i < 100_000; i++)
        {
            _known.Add($"key-{i}");
        }

        Assert.True(_known.Has("key-99999"));
        Assert.InRange(Enumerable.Range(0, 100_000).Count(i => _known.Has($"key-{i}")), 1, 1024);
        Assert.DoesNotContain(Enumerable.Range(0, 100_000), i => _known.Has($"other-{i}"));
    }
}
