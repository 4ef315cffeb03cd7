using System.Buffers.Binary;
using ConfigClients.Backends.ZooKeeper;

namespace ConfigClients.ZooKeeper.Tests.Live;

/// <summary>Ends a client's session behind its back, as an operator or a second process would.</summary>
internal static class ForeignEnd
{
    public static async Task OfAsync(ZooKeeperClientSession session, ZooKeeperBackend server)
    {
        await using Stream stream = await server.ConnectAsync(cancellationToken: TestContext.Current.CancellationToken);
        byte[] take = new byte[4 + 45];
        BinaryPrimitives.WriteInt32BigEndian(take, 45);
        BinaryPrimitives.WriteInt32BigEndian(take.AsSpan(16), 10_000);
        BinaryPrimitives.WriteInt64BigEndian(take.AsSpan(20), session.Id);
        BinaryPrimitives.WriteInt32BigEndian(take.AsSpan(28), 16);
        session.Password.CopyTo(take.AsSpan(32));
        await stream.WriteAsync(take, TestContext.Current.CancellationToken);
        await stream.ReadExactlyAsync(new byte[41], TestContext.Current.CancellationToken);

        byte[] close = [0, 0, 0, 8, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xf5];
        await stream.WriteAsync(close, TestContext.Current.CancellationToken);
        await stream.ReadExactlyAsync(new byte[20], TestContext.Current.CancellationToken);
    }
}
