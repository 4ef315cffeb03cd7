namespace ConfigClients;

/// <summary>How a value in the store is read.</summary>
public enum ValueFormat
{
    /// <summary>A key that ends in <c>.json</c> holds a JSON document, any other key one text.</summary>
    ByExtension,

    /// <summary>Every key holds a JSON document.</summary>
    Json,

    /// <summary>Every key holds one text, whatever its name.</summary>
    Text,
}
