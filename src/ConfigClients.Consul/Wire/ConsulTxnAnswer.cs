using System.Text.Json;

namespace ConfigClients.Consul.Wire;

/// <summary>What came of a transaction.</summary>
/// <param name="Index">The index of the writes: the highest of the result rows; 0 if there are none.</param>
/// <param name="Errors">Which operations failed, and why; empty if it was applied.</param>
internal sealed record ConsulTxnAnswer(long Index, IReadOnlyList<ConsulTxnError> Errors)
{
    /// <summary>Whether it was applied.</summary>
    public bool Applied => Errors.Count == 0;

    /// <summary>Reads an answer.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static ConsulTxnAnswer Read(ReadOnlySpan<byte> body)
    {
        Utf8JsonReader reader = new(body);
        long index = 0;
        List<ConsulTxnError>? errors = null;
        reader.Read();
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isResults = reader.ValueTextEquals("Results"u8);
            bool isErrors = reader.ValueTextEquals("Errors"u8);
            reader.Read();
            if (isResults && reader.TokenType == JsonTokenType.StartArray)
            {
                index = ReadResults(ref reader);
            }
            else if (isErrors && reader.TokenType == JsonTokenType.StartArray)
            {
                errors = ReadErrors(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new ConsulTxnAnswer(index, errors ?? (IReadOnlyList<ConsulTxnError>)[]);
    }

    private static long ReadResults(ref Utf8JsonReader reader)
    {
        long index = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isRow = reader.ValueTextEquals("KV"u8);
                reader.Read();
                if (isRow && ConsulRow.TryRead(ref reader, out ConsulRow row))
                {
                    index = Math.Max(index, row.ModifyIndex);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return index;
    }

    private static List<ConsulTxnError> ReadErrors(ref Utf8JsonReader reader)
    {
        List<ConsulTxnError> errors = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            int op = 0;
            string what = "";
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isOp = reader.ValueTextEquals("OpIndex"u8);
                bool isWhat = reader.ValueTextEquals("What"u8);
                reader.Read();
                if (isOp && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int index))
                {
                    op = index;
                }
                else if (isWhat && reader.TokenType == JsonTokenType.String)
                {
                    what = reader.GetString()!;
                }
                else
                {
                    reader.Skip();
                }
            }

            errors.Add(new ConsulTxnError(op, what));
        }

        return errors;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (reader.TokenType != type)
        {
            throw new JsonException($"{type} expected");
        }
    }
}
