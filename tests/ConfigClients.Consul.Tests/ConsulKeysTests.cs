namespace ConfigClients.Consul.Tests;

/// <summary>Where keys lie, and that they cannot lie elsewhere.</summary>
public sealed class ConsulKeysTests
{
    [Theory]
    [InlineData("a/b", "root/a/b", "/v1/kv/root/a/b")]
    [InlineData("a b", "root/a b", "/v1/kv/root/a%20b")]
    [InlineData("a%2Fb", "root/a%2Fb", "/v1/kv/root/a%252Fb")]
    [InlineData("a?x#y", "root/a?x#y", "/v1/kv/root/a%3Fx%23y")]
    [InlineData("é", "root/é", "/v1/kv/root/%C3%A9")]
    [InlineData("..a/...", "root/..a/...", "/v1/kv/root/..a/...")]
    [InlineData("a=b", "root/a=b", "/v1/kv/root/a%3Db")]
    [InlineData("=b", "root/==3Db", "/v1/kv/root/%3D%3D3Db")]
    [InlineData("x/ lead", "root/x/==20lead", "/v1/kv/root/x/%3D%3D20lead")]
    [InlineData("x/trail /y", "root/x/=trail=20/y", "/v1/kv/root/x/%3Dtrail%3D20/y")]
    [InlineData("😀", "root/==F0=9F=98=80", "/v1/kv/root/%3D%3DF0%3D9F%3D98%3D80")]
    [InlineData("a\uE000=", "root/=a=EE=80=80=3D", "/v1/kv/root/%3Da%3DEE%3D80%3D80%3D3D")]
    public void A_key_has_one_place_and_comes_back(string key, string stored, string path)
    {
        ConsulKeys keys = new("root");

        Assert.Equal((stored, path, key), (keys.Stored(key), keys.Path(key), keys.Key(stored)));
    }

    [Theory]
    [InlineData("root/=a")]
    [InlineData("root/==61")]
    [InlineData("root/==3d")]
    [InlineData("root/==")]
    [InlineData("root/==F0")]
    [InlineData("root/\uE000")]
    [InlineData("root/ a")]
    [InlineData("elsewhere/a")]
    [InlineData("roota")]
    public void A_name_this_store_would_not_give_is_no_key(string stored) => Assert.Null(new ConsulKeys("root").Key(stored));

    [Theory]
    [InlineData("", "", "/v1/kv/", "/v1/kv/_cc")]
    [InlineData("", "app", "/v1/kv/app/", "/v1/kv/app/")]
    [InlineData("root", "", "/v1/kv/root/", "/v1/kv/root/")]
    [InlineData("ro ot/x", "app/é", "/v1/kv/ro%20ot/x/app/%C3%A9/", "/v1/kv/ro%20ot/x/app/%C3%A9/")]
    public void A_prefix_ends_with_a_slash(string root, string prefix, string listPath, string probePath)
    {
        ConsulKeys keys = new(root);

        Assert.Equal((listPath, probePath), (keys.ListPath(prefix), keys.ProbePath(prefix)));
    }
}
