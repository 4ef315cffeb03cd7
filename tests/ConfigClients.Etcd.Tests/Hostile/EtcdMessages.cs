using Etcdserverpb;
using Google.Protobuf;
using Mvccpb;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>Answers as etcd makes them, for scripts to send as they are or to spoil.</summary>
internal static class EtcdMessages
{
    public static ResponseHeader Header(long revision) => new() { ClusterId = 1, MemberId = 1, Revision = revision, RaftTerm = 1 };

    /// <summary>A stored key.</summary>
    public static KeyValue Row(string key, string value = "v", long revision = 7, long lease = 0) => new()
    {
        Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFromUtf8(value), CreateRevision = revision, ModRevision = revision, Version = 1, Lease = lease,
    };

    /// <summary>The answer to a read.</summary>
    public static RangeResponse Rows(long revision, params IEnumerable<KeyValue> rows)
    {
        RangeResponse answer = new() { Header = Header(revision), Kvs = { rows } };
        answer.Count = answer.Kvs.Count;
        return answer;
    }

    /// <summary>The answer to a transaction whose conditions all hold.</summary>
    public static TxnResponse Done(TxnRequest asked)
    {
        TxnResponse answer = new() { Header = Header(8), Succeeded = true };
        answer.Responses.AddRange(asked.Success.Select(static op => op.RequestCase switch
        {
            RequestOp.RequestOneofCase.RequestPut => new ResponseOp { ResponsePut = new PutResponse { Header = Header(8) } },
            RequestOp.RequestOneofCase.RequestDeleteRange => new ResponseOp { ResponseDeleteRange = new DeleteRangeResponse { Header = Header(8), Deleted = 1 } },
            _ => new ResponseOp { ResponseRange = new RangeResponse { Header = Header(8) } },
        }));
        return answer;
    }

    /// <summary>The answer to a transaction one of whose conditions does not hold.</summary>
    public static TxnResponse Refused(params IEnumerable<KeyValue?> states) => new()
    {
        Header = Header(8),
        Responses = { states.Select(static row => new ResponseOp { ResponseRange = row is null ? Rows(8) : Rows(8, row) }) },
    };

    /// <summary>A watch begins.</summary>
    public static WatchResponse Created(long id, long revision = 7) => new() { Header = Header(revision), WatchId = id, Created = true };

    /// <summary>A watch is ended by the server.</summary>
    public static WatchResponse Cancelled(long id, string reason = "", long compacted = 0) =>
        new() { Header = Header(0), WatchId = id, Canceled = true, CancelReason = reason, CompactRevision = compacted };

    /// <summary>Changes. Their revision is that of the last one.</summary>
    public static WatchResponse Told(long id, params Event[] changes) => new() { Header = Header(changes[^1].Kv.ModRevision), WatchId = id, Events = { changes } };

    /// <summary>Some of the changes of one message; more follow.</summary>
    public static WatchResponse Part(long id, params Event[] changes)
    {
        WatchResponse part = Told(id, changes);
        part.Fragment = true;
        return part;
    }

    /// <summary>How far the server is.</summary>
    public static WatchResponse Progress(long id, long revision) => new() { Header = Header(revision), WatchId = id };

    public static Event Put(string key, string value, long revision) => new() { Type = Event.Types.EventType.Put, Kv = Row(key, value, revision) };

    public static Event Deleted(string key, long revision) =>
        new() { Type = Event.Types.EventType.Delete, Kv = new KeyValue { Key = ByteString.CopyFromUtf8(key), ModRevision = revision } };

    /// <summary>The answer to a heartbeat. A TTL of 0 is not even sent.</summary>
    public static LeaseKeepAliveResponse Renewed(long lease, long ttl) => new() { Header = Header(7), ID = lease, TTL = ttl };
}
