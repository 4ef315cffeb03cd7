using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ConfigClients.Backends.Containers;

/// <summary>The container engine of this machine, and what Testcontainers must be told about it.</summary>
internal static class ContainerEngine
{
    /// <summary>The API version that this release of Testcontainers insists on unless told otherwise.</summary>
    private static readonly Version Wanted = new(1, 44);

    private static Version? _apiVersion;

    public static bool IsThere => _apiVersion is not null;

    public static string Describe() => IsThere ? $"the engine (API {_apiVersion}) is there" : "no container engine answers";

    /// <summary>Sets what Testcontainers reads once, in its static constructors: hence before anything here can touch it.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Testcontainers has no later moment to take its settings from.")]
    internal static void Configure()
    {
        _apiVersion = EngineVersion.Ask();
        if (_apiVersion is null)
        {
            return;
        }

        // Testcontainers does not negotiate, and an older engine refuses a newer version number.
        SetDefault("DOCKER_API_VERSION", (_apiVersion < Wanted ? _apiVersion : Wanted).ToString());

        // The reaper is an image that would have to be pulled; ContainerGuard does its work.
        SetDefault("TESTCONTAINERS_RYUK_DISABLED", "true");

        // Inside a container Testcontainers would choose the bridge's address, where nothing is published.
        SetDefault("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1");
    }

    private static void SetDefault(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is null)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
