using ConfigClients.Conformance;

namespace ConfigClients.Core.Tests;

public sealed class TransactionTests
{
    [Fact]
    public async Task Conditions_deletes_and_plain_sets_count_one_and_session_bound_sets_two()
    {
        await using ForeignSession session = new();

        Transaction transaction = new Transaction()
            .Require("a", Condition.Exists)
            .Set("a", TestValues.Of("12"))
            .Set("é", TestValues.Of("345"), session)
            .Delete("ccc");

        Assert.Equal((5, 12L), (transaction.OperationCount, transaction.ByteCount));
        Assert.Equal((1, 3), (transaction.Conditions.Count, transaction.Writes.Count));
    }

    [Fact]
    public void The_value_is_copied()
    {
        byte[] buffer = TestValues.Of("before");

        Transaction transaction = new Transaction().Set("a", buffer);
        buffer.AsSpan().Clear();

        Assert.Equal("before", System.Text.Encoding.UTF8.GetString(transaction.Writes[0].Value!.Value.Span));
    }

    [Fact]
    public void An_empty_value_is_a_set_and_not_a_delete()
    {
        Transaction transaction = new Transaction().Set("a", ReadOnlyMemory<byte>.Empty).Delete("b");

        Assert.Equal((false, true), (transaction.Writes[0].IsDelete, transaction.Writes[1].IsDelete));
    }

    [Fact]
    public void One_condition_and_one_write_per_key()
    {
        Transaction transaction = new Transaction().Require("a", Condition.Exists).Set("a", TestValues.Of("x"));

        Assert.Equal("key", Assert.Throws<ArgumentException>(() => transaction.Require("a", Condition.Absent)).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentException>(() => transaction.Set("a", TestValues.Of("y"))).ParamName);
        Assert.Equal("key", Assert.Throws<ArgumentException>(() => transaction.Delete("a")).ParamName);
        Assert.Equal(2, transaction.OperationCount);
    }

    [Fact]
    public void A_condition_that_tests_nothing_is_refused() =>
        Assert.Equal("condition", Assert.Throws<ArgumentException>(static () => new Transaction().Require("a", Condition.None)).ParamName);
}
