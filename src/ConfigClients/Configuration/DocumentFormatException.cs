namespace ConfigClients.Configuration;

/// <summary>A value that cannot be read as configuration. The message never quotes it.</summary>
internal sealed class DocumentFormatException(string message, long? line = null, long? column = null) : Exception(message)
{
    public long? Line { get; } = line;

    public long? Column { get; } = column;
}
