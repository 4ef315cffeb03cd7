using Microsoft.Extensions.Configuration;

/// <summary>What this application is configured with.</summary>
internal sealed class Greeting
{
    [ConfigurationKeyName("greeting")]
    public string Text { get; set; } = "";
}
