using System.Net;
using ConfigClients.Backends.Consul;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Backends.Tests.Faults;

public sealed class FaultProxyReplyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cut_reply_leaves_the_write_applied_and_the_client_unsure()
    {
        ConsulBackend consul = await SharedConsul.GetAsync();
        await using FaultProxy proxy = FaultProxy.Start(consul.Endpoint);
        using HttpClient client = new() { BaseAddress = proxy.Endpoint };
        string key = $"/v1/kv/{Guid.NewGuid():N}";

        proxy.CutReplies();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.PutAsync(key, new StringContent("applied"), Stop));

        Assert.Equal("applied", await client.GetStringAsync(key + "?raw", Stop));
        Assert.Equal(1, proxy.RepliesCut);
    }

    [Fact]
    public async Task Exactly_so_many_replies_are_cut_also_on_a_connection_in_use()
    {
        ConsulBackend consul = await SharedConsul.GetAsync();
        await using FaultProxy proxy = FaultProxy.Start(consul.Endpoint);
        using HttpClient client = new() { BaseAddress = proxy.Endpoint };
        await client.GetStringAsync("/v1/status/leader", Stop);

        proxy.CutReplies(times: 3);
        List<bool> failures = [];
        for (int request = 0; request < 6; request++)
        {
            // PUT: the client itself would repeat a GET that failed on a pooled connection.
            Exception? failure = await Record.ExceptionAsync(() => client.PutAsync($"/v1/kv/{Guid.NewGuid():N}", new StringContent("1"), Stop));
            failures.Add(failure is HttpRequestException);
        }

        Assert.Equal([true, true, true, false, false, false], failures);
    }

    [Fact]
    public async Task Only_the_requests_that_are_meant_lose_their_replies()
    {
        ConsulBackend consul = await SharedConsul.GetAsync();
        await using FaultProxy proxy = FaultProxy.Start(consul.Endpoint);
        using HttpClient client = new() { BaseAddress = proxy.Endpoint };
        string key = $"/v1/kv/{Guid.NewGuid():N}";

        proxy.CutReplies(requestLine: line => line.StartsWith("DELETE ", StringComparison.Ordinal));
        using HttpResponseMessage written = await client.PutAsync(key, new StringContent("1"), Stop);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.DeleteAsync(key, Stop));
        using HttpResponseMessage read = await client.GetAsync(key, Stop);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (written.StatusCode, read.StatusCode));
    }

    [Fact]
    public async Task A_chunked_request_is_followed_to_its_end()
    {
        ConsulBackend consul = await SharedConsul.GetAsync();
        await using FaultProxy proxy = FaultProxy.Start(consul.Endpoint);
        using HttpClient client = new() { BaseAddress = proxy.Endpoint };
        string key = $"/v1/kv/{Guid.NewGuid():N}";
        string value = new('x', 100_000);

        using HttpRequestMessage request = new(HttpMethod.Put, key) { Content = new StringContent(value) };
        request.Headers.TransferEncodingChunked = true;

        proxy.CutReplies();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, Stop));

        Assert.Equal(value, await client.GetStringAsync(key + "?raw", Stop));
    }
}
