using System.Security.Cryptography;
using ConfigClients.Etcd.Wire;
using Etcdserverpb;
using Google.Protobuf;
using Mvccpb;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdPageTests
{
    private static readonly EtcdKeys Keys = new("shop");

    [Fact]
    public void What_the_package_writes_is_read_as_the_package_reads_it()
    {
        RangeResponse answer = Sample(rows: 500);

        EtcdPage page = EtcdPage.Read(answer.ToByteArray(), Keys);

        Assert.Equal((77, 9_000, true, true), (page.Revision, page.Count, page.More, page.IsSorted));
        Assert.Equal((500, 0, answer.Kvs[0].Key, answer.Kvs[^1].Key), (page.Rows, page.Foreign, ByteString.CopyFrom(page.First), ByteString.CopyFrom(page.Last)));
        Assert.All(answer.Kvs.Zip(page.Entries), static pair =>
        {
            (KeyValue row, ConfigEntry entry) = pair;
            Assert.Equal(("shop/" + entry.Key, row.ModRevision, row.CreateRevision), (row.Key.ToStringUtf8(), entry.Revision.Number, entry.CreateRevision));
            Assert.True(entry.Value.Span.SequenceEqual(row.Value.Span));
            Assert.Equal(row.Lease, entry.SessionId is null ? 0 : EtcdRow.Lease(entry.SessionId));
        });
    }

    [Fact]
    public void Fields_that_are_not_known_are_left_out()
    {
        byte[] known = Sample(rows: 1).ToByteArray();
        byte[] unknown = [0x50, 0x01, 0x59, 1, 2, 3, 4, 5, 6, 7, 8, 0x62, 2, 0xFF, 0xFF, 0x6D, 1, 2, 3, 4];

        EtcdPage page = EtcdPage.Read([.. unknown, .. known, .. unknown], Keys);

        Assert.Equal((1, 77), (page.Rows, page.Revision));
    }

    [Fact]
    public void Names_that_are_none_of_this_store_are_counted_and_left_out()
    {
        RangeResponse answer = Sample(rows: 2);
        answer.Kvs.Insert(1, new KeyValue { Key = ByteString.CopyFromUtf8("shop//x"), ModRevision = 1, CreateRevision = 1 });
        answer.Kvs.Add(new KeyValue { Key = ByteString.CopyFromUtf8("other"), ModRevision = 1, CreateRevision = 1 });

        EtcdPage page = EtcdPage.Read(answer.ToByteArray(), Keys);

        Assert.Equal((2, 2, 4, false), (page.Entries.Count, page.Foreign, page.Rows, page.IsSorted));
        Assert.Equal("other"u8, page.Last);
    }

    [Fact]
    public void A_name_that_comes_twice_is_not_in_order()
    {
        RangeResponse answer = Sample(rows: 2);
        answer.Kvs[1].Key = answer.Kvs[0].Key;

        Assert.False(EtcdPage.Read(answer.ToByteArray(), Keys).IsSorted);
    }

    [Fact]
    public void An_answer_without_rows_is_a_page_without_rows()
    {
        EtcdPage page = EtcdPage.Read([], Keys);

        Assert.Equal((0, 0, false, 0), (page.Rows, page.Revision, page.More, page.Last.Length));
    }

    [Fact]
    public void More_rows_than_were_ever_asked_for_are_refused_before_they_fill_memory()
    {
        byte[] rows = [.. Enumerable.Repeat<byte[]>([0x12, 0x00], EtcdPage.MaxRows + 1).SelectMany(static row => row)];

        Assert.Equal(EtcdPage.MaxRows, EtcdPage.Read(rows.AsSpan(2), Keys).Rows);
        Assert.Throws<InvalidDataException>(() => EtcdPage.Read(rows, Keys));
    }

    [Fact]
    public void A_row_without_a_revision_is_not_from_etcd()
    {
        RangeResponse answer = Sample(rows: 1);
        answer.Kvs[0].ModRevision = 0;

        Assert.Equal(StoreError.ProtocolViolation, Assert.Throws<StoreException>(() => EtcdPage.Read(answer.ToByteArray(), Keys)).Error);
    }

    [Fact]
    public void Broken_bytes_are_refused_or_read_and_never_anything_else()
    {
        byte[] whole = Sample(rows: 20).ToByteArray();
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] broken = [.. whole.AsSpan(0, RandomNumberGenerator.GetInt32(whole.Length + 1))];
            for (int flips = RandomNumberGenerator.GetInt32(4); flips > 0 && broken.Length > 0; flips--)
            {
                broken[RandomNumberGenerator.GetInt32(broken.Length)] = (byte)RandomNumberGenerator.GetInt32(256);
            }

            try
            {
                Assert.InRange(EtcdPage.Read(broken, Keys).Rows, 0, whole.Length);
            }
            catch (Exception e) when (e is InvalidDataException or StoreException { Error: StoreError.ProtocolViolation })
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 19_999);
    }

    private static RangeResponse Sample(int rows)
    {
        RangeResponse answer = new() { Header = new ResponseHeader { ClusterId = ulong.MaxValue, MemberId = 3, Revision = 77, RaftTerm = 2 }, Count = 9_000, More = true };
        for (int i = 0; i < rows; i++)
        {
            answer.Kvs.Add(new KeyValue
            {
                Key = ByteString.CopyFromUtf8($"shop/région-{i:D4}/{(i % 2 == 0 ? "a" : "b.c")}"),
                Value = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(i)),
                ModRevision = 50L + (i * 1_000_000_007L),
                CreateRevision = 1 + i,
                Version = 4,
                Lease = i % 3 == 0 ? 0x694d7f2bc1a0 + i : 0,
            });
        }

        return answer;
    }
}
