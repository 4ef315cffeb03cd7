namespace ConfigClients.Etcd.Tests;

/// <summary>What each status means: the same code stands for "not carried out" and for "nobody knows".</summary>
public sealed class EtcdErrorsTests
{
    [Theory]
    [InlineData(14, "etcdserver: request timed out", StoreError.Unavailable, true)]
    [InlineData(14, "etcdserver: request timed out, possibly due to previous leader failure", StoreError.Unavailable, true)]
    [InlineData(14, "etcdserver: request timed out, possibly due to connection lost", StoreError.Unavailable, true)]
    [InlineData(14, "etcdserver: leader changed", StoreError.Unavailable, true)]
    [InlineData(14, "etcdserver: server stopped", StoreError.Unavailable, true)]
    [InlineData(14, "Error reading next message. HttpIOException: The response ended prematurely.", StoreError.Unavailable, true)]
    [InlineData(14, "Error starting gRPC call. HttpRequestException: An error occurred while sending the request.", StoreError.Unavailable, true)]
    [InlineData(14, "etcdserver: no leader", StoreError.Unavailable, false)]
    [InlineData(14, "etcdserver: not capable", StoreError.Unavailable, false)]
    [InlineData(14, "etcdserver: rpc not supported for learner", StoreError.Unavailable, false)]
    [InlineData(4, "context deadline exceeded", StoreError.Unavailable, true)]
    [InlineData(4, "", StoreError.Unavailable, true)]
    [InlineData(13, "Error starting gRPC call. HttpProtocolException: The HTTP/2 server closed the connection. HTTP/2 error code 'NO_ERROR' (0x0).", StoreError.Unavailable, true)]
    [InlineData(13, "unexpected EOF", StoreError.Unavailable, true)]
    [InlineData(13, "Failed to deserialize response message.", StoreError.ProtocolViolation, true)]
    [InlineData(8, "HTTP/2 server reset the stream. HTTP/2 error code 'ENHANCE_YOUR_CALM' (0xb).", StoreError.Unavailable, true)]
    [InlineData(8, "etcdserver: too many requests", StoreError.Throttled, false)]
    [InlineData(8, "etcdserver: mvcc: database space exceeded", StoreError.StoreFull, false)]
    [InlineData(8, "grpc: received message larger than max (3000000 vs. 2097152)", StoreError.TooLarge, false)]
    [InlineData(8, "grpc: trying to send message larger than max (3000000 vs. 2097152)", StoreError.TooLarge, true)]
    [InlineData(8, "Received message exceeds the maximum configured message size.", StoreError.TooLarge, true)]
    [InlineData(16, "etcdserver: invalid auth token", StoreError.Denied, false)]
    [InlineData(7, "etcdserver: permission denied", StoreError.Denied, false)]
    [InlineData(3, "etcdserver: request is too large", StoreError.TooLarge, false)]
    [InlineData(3, "etcdserver: too many operations in txn request", StoreError.TooLarge, false)]
    [InlineData(3, "etcdserver: duplicate key given in txn request", StoreError.InvalidRequest, false)]
    [InlineData(3, "etcdserver: key is not provided", StoreError.InvalidRequest, false)]
    [InlineData(3, "etcdserver: key not found", StoreError.InvalidRequest, false)]
    [InlineData(3, "etcdserver: authentication failed, invalid user ID or password", StoreError.Denied, false)]
    [InlineData(3, "etcdserver: user name is empty", StoreError.Denied, false)]
    [InlineData(3, "etcdserver: revision of auth store is old", StoreError.Unavailable, false)]
    [InlineData(5, "etcdserver: requested lease not found", StoreError.SessionEnded, false)]
    [InlineData(5, "etcdserver: user name not found", StoreError.InvalidRequest, false)]
    [InlineData(9, "etcdserver: lease already exists", StoreError.InvalidRequest, false)]
    [InlineData(9, "etcdserver: authentication is not enabled", StoreError.InvalidRequest, false)]
    [InlineData(9, "etcdserver: not leader", StoreError.Unavailable, false)]
    [InlineData(9, "etcdserver: rpc not supported for learner", StoreError.Unavailable, false)]
    [InlineData(11, "etcdserver: mvcc: required revision has been compacted", StoreError.Unavailable, false)]
    [InlineData(11, "etcdserver: mvcc: required revision is a future revision", StoreError.Unavailable, false)]
    [InlineData(11, "etcdserver: too large lease TTL", StoreError.InvalidRequest, false)]
    [InlineData(1, "etcdserver: request cancelled", StoreError.Unavailable, true)]
    [InlineData(1, "No grpc-status found on response.", StoreError.Unavailable, true)]
    [InlineData(15, "etcdserver: corrupt cluster", StoreError.Corrupt, true)]
    [InlineData(12, "unknown service etcdserverpb.KV", StoreError.Unsupported, false)]
    [InlineData(12, "Unsupported grpc-encoding value 'gzip'. Supported encodings: identity", StoreError.ProtocolViolation, true)]
    [InlineData(2, "who knows", StoreError.Unavailable, true)]
    [InlineData(2, "Bad gRPC response. HTTP status code: 500", StoreError.ProtocolViolation, true)]
    [InlineData(7, "Bad gRPC response. HTTP status code: 403", StoreError.ProtocolViolation, true)]
    [InlineData(1, "Bad gRPC response. Invalid content-type value: text/html", StoreError.ProtocolViolation, true)]
    [InlineData(14, "Bad gRPC response. HTTP status code: 503", StoreError.Unavailable, true)]
    [InlineData(10, "", StoreError.Unavailable, true)]
    [InlineData(99, "", StoreError.Unavailable, true)]
    [InlineData(-1, "", StoreError.Unavailable, true)]
    public void A_status_is_an_error_of_the_contract(int code, string text, StoreError expected, bool mayHaveApplied)
    {
        StoreException write = EtcdErrors.FromStatus(code, text, isWrite: true);
        StoreException read = EtcdErrors.FromStatus(code, text, isWrite: false);

        Assert.Equal((expected, mayHaveApplied), (write.Error, write.MayHaveApplied));
        Assert.Equal((expected, false), (read.Error, read.MayHaveApplied));
    }

    [Theory]
    [InlineData(16, "etcdserver: invalid auth token", true)]
    [InlineData(16, "", true)]
    [InlineData(3, "etcdserver: user name is empty", true)]
    [InlineData(3, "etcdserver: revision of auth store is old", true)]
    [InlineData(3, "etcdserver: invalid auth token", true)]
    [InlineData(3, "etcdserver: authentication failed, invalid user ID or password", false)]
    [InlineData(3, "etcdserver: request is too large", false)]
    [InlineData(7, "etcdserver: permission denied", false)]
    [InlineData(9, "etcdserver: authentication is not enabled", false)]
    [InlineData(14, "etcdserver: invalid auth token", false)]
    public void A_new_token_is_fetched_only_where_it_may_help(int code, string text, bool expected) => Assert.Equal(expected, EtcdErrors.AsksForToken(code, text));

    [Theory]
    [InlineData(9, "etcdserver: authentication is not enabled", true)]
    [InlineData(9, "etcdserver: lease already exists", false)]
    [InlineData(3, "etcdserver: authentication is not enabled", false)]
    public void That_no_user_is_needed_is_said_by_one_status_only(int code, string text, bool expected) => Assert.Equal(expected, EtcdErrors.SaysAuthIsOff(code, text));

    [Theory]
    [InlineData("rpc error: code = PermissionDenied desc = etcdserver: permission denied", StoreError.Denied, false)]
    [InlineData("etcdserver: permission denied", StoreError.Denied, false)]
    [InlineData("rpc error: code = InvalidArgument desc = etcdserver: user name is empty", StoreError.Denied, false)]
    [InlineData("rpc error: code = Unauthenticated desc = etcdserver: invalid auth token", StoreError.Unavailable, true)]
    [InlineData("etcdserver: revision of auth store is old", StoreError.Unavailable, true)]
    [InlineData("etcdserver: mvcc: duplicate watch ID provided on the WatchStream", StoreError.Unavailable, false)]
    [InlineData("", StoreError.Unavailable, false)]
    public void A_reason_for_the_end_of_a_watch_is_an_error_of_the_contract(string reason, StoreError expected, bool isAboutToken)
    {
        StoreException failure = EtcdErrors.FromCancelledWatch(reason);

        Assert.Equal((expected, false, isAboutToken), (failure.Error, failure.MayHaveApplied, EtcdErrors.IsAboutToken(reason)));
    }

    [Fact]
    public void The_message_says_who_answered_what_and_what_it_means()
    {
        StoreException failure = EtcdErrors.FromStatus(8, "etcdserver: mvcc: database space exceeded", isWrite: true, "http://a:2379");

        Assert.StartsWith("http://a:2379 answered: etcdserver: mvcc: database space exceeded. The space quota is used up", failure.Message, StringComparison.Ordinal);
    }
}
