using ConfigClients.Backends.Consul;

namespace ConfigClients.Backends.Tests;

public sealed class BackendSelectionTests
{
    [Fact]
    public async Task The_shared_server_is_one_and_of_the_flavor_that_was_asked_for()
    {
        ConsulBackend first = await SharedConsul.GetAsync();
        ConsulBackend second = await SharedConsul.GetAsync();

        Assert.Same(first, second);
        Assert.Contains(first.Flavor, BackendSelection.Requested switch
        {
            BackendMode.Container => ["container"],
            BackendMode.Native => ["native"],
            _ => (string[])["container", "native"],
        });
    }

    [Fact]
    public void A_port_is_never_given_twice()
    {
        int[] ports = [.. Enumerable.Range(0, 200).Select(_ => FreePort.Next())];

        Assert.Equal(ports.Length, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port, 12_000, 31_999));
    }
}
