using System.Xml.Linq;

namespace ConfigClients.Architecture.Rules;

/// <summary>Who may reference whom among the shipped projects.</summary>
internal static class ReferenceRule
{
    private static readonly string[] Stores = ["Embedded", "Consul", "Etcd", "ZooKeeper"];

    private static readonly Dictionary<string, string[]> Projects = new()
    {
        ["ConfigClients.Core"] = [],
        ["ConfigClients.Recipes"] = ["ConfigClients.Core"],
        ["ConfigClients.DistributedLock"] = ["ConfigClients.Core", "ConfigClients.Recipes"],
        ["ConfigClients.Embedded"] = ["ConfigClients.Core"],
        ["ConfigClients.Consul"] = ["ConfigClients.Core"],
        ["ConfigClients.Etcd"] = ["ConfigClients.Core"],
        ["ConfigClients.ZooKeeper"] = ["ConfigClients.Core"],
        ["ConfigClients"] = ["ConfigClients.Core", "ConfigClients.Recipes", "ConfigClients.Embedded"],
    };

    /// <summary>Packages that only one project may use: a store's client library, an adapter's interfaces.</summary>
    private static readonly Dictionary<string, string> Clients = new()
    {
        ["Microsoft.Data.Sqlite"] = "ConfigClients.Embedded",
        ["dotnet-etcd"] = "ConfigClients.Etcd",
        ["Google.Protobuf"] = "ConfigClients.Etcd",
        ["Grpc.Net.Client"] = "ConfigClients.Etcd",
        ["DistributedLock.Core"] = "ConfigClients.DistributedLock",
    };

    public static IEnumerable<string> Faults(TextFile project)
    {
        string name = project.Name[..^".csproj".Length];
        if (!Projects.TryGetValue(name, out string[]? allowed))
        {
            yield return $"{name}: not in the table of references; add it there and say why in an ADR.";
            yield break;
        }

        XElement root = XElement.Parse(project.Text);
        foreach (string reference in Names(root, "ProjectReference").Select(path => path.Split('\\', '/')[^1].Replace(".csproj", "", StringComparison.Ordinal)))
        {
            if (!allowed.Contains(reference))
            {
                yield return $"{name} must not reference {reference}.";
            }
        }

        foreach (string package in Names(root, "PackageReference"))
        {
            if (PackageFault(name, package) is { } fault)
            {
                yield return fault;
            }
        }

        foreach (string path in Names(root, "Compile").Concat(Names(root, "Reference")))
        {
            yield return $"{name} takes in {path}; what is shared is a project reference.";
        }
    }

    private static string? PackageFault(string project, string package)
    {
        if (Clients.TryGetValue(package, out string? owner) && owner != project)
        {
            return $"{project} must not use {package}: only {owner} does.";
        }

        bool isAbstraction = package.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && package.EndsWith(".Abstractions", StringComparison.Ordinal);
        return project switch
        {
            "ConfigClients.Core" when !isAbstraction && package != "Polly.Core" => $"{project} must not use {package}: only abstractions and Polly.Core.",
            "ConfigClients.Recipes" when package != "System.IO.Hashing" => $"{project} must not use {package}: the contract is all it needs, and a hash for the ring.",
            "ConfigClients" when !package.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) => $"{project} must not use {package}.",
            _ => null,
        };
    }

    /// <summary>The front door never names a store that a user adds.</summary>
    public static IEnumerable<string> Namings(SourceFile file) =>
        from token in file.Root.DescendantTokens()
        from store in Stores.Skip(1)
        where token.Text.Contains(store, StringComparison.OrdinalIgnoreCase)
        select $"{file.At(token)}: names {store}; it comes to the builder by its own Use{store}().";

    private static IEnumerable<string> Names(XElement root, string element) =>
        root.Descendants(element).Select(item => (string?)item.Attribute("Include")).OfType<string>();
}
