using Microsoft.Extensions.Options;

namespace ConfigClients.Embedded;

/// <summary>Checks the options: each alone by its attributes, and then together.</summary>
internal sealed partial class EmbeddedStoreOptionsValidator : IValidateOptions<EmbeddedStoreOptions>
{
    private readonly Attributes _attributes = new();

    public ValidateOptionsResult Validate(string? name, EmbeddedStoreOptions options)
    {
        ValidateOptionsResultBuilder result = new();
        result.AddResult(_attributes.Validate(name, options));
        if (options is { InMemory: true, Path: not null })
        {
            result.AddError("InMemory and Path exclude each other: memory has no file.", nameof(options.Path));
        }

        if (options.Path is not null && (string.IsNullOrWhiteSpace(options.Path) || options.Path.Contains('\0', StringComparison.Ordinal)))
        {
            result.AddError("Path names no file: it is blank or holds a null character.", nameof(options.Path));
        }

        if (options is { InMemory: false, Path: null } && EmbeddedStoreFactory.DefaultPath is null)
        {
            result.AddError("This user has no directory for application data, so there is no default file: set Path.", nameof(options.Path));
        }

        return result.Build();
    }

    [OptionsValidator]
    private sealed partial class Attributes : IValidateOptions<EmbeddedStoreOptions>;
}
