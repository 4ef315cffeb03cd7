using Microsoft.Extensions.Configuration;

namespace ConfigClients.Tests;

public sealed class LayerStartTests
{
    [Fact]
    public void A_start_is_over_when_every_layer_has_been_applied()
    {
        for (int round = 0; round < 100; round++)
        {
            FakeStore store = new();
            store.Write(("one/a", "1"), ("two/a", "2"), ("three/a", "3"));
            store.SaySnapshot();

            using ConfigurationRoot root = (ConfigurationRoot)new ConfigurationBuilder().AddDistributedConfig(options =>
            {
                options.Store.Use(store);
                foreach (string layer in (string[])["one", "two", "three"])
                {
                    options.Layers.Add(layer);
                }
            }).Build();

            Assert.Equal("3", root["a"]);
        }
    }
}
