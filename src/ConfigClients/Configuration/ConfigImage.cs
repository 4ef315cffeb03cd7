using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Configuration;

/// <summary>All settings at one moment. Immutable; a new one shares everything that did not change with the one before.</summary>
internal sealed class ConfigImage
{
    /// <summary>Settings by path, and children by parent: <c>""</c> for the top, otherwise the parent's path with a colon at its end.</summary>
    private readonly ImmutableDictionary<string, string?> _values;
    private readonly ImmutableDictionary<string, ImmutableHashSet<string>> _children;

    private ConfigImage(ImmutableDictionary<string, string?> values, ImmutableDictionary<string, ImmutableHashSet<string>> children)
    {
        _values = values;
        _children = children;
    }

    public static ConfigImage Empty { get; } = new(
        ImmutableDictionary.Create<string, string?>(StringComparer.OrdinalIgnoreCase),
        ImmutableDictionary.Create<string, ImmutableHashSet<string>>(StringComparer.OrdinalIgnoreCase));

    public int Count => _values.Count;

    public bool TryGet(string path, out string? value) => _values.TryGetValue(path, out value);

    /// <summary>Names the children of a section, in no particular order.</summary>
    /// <param name="parent">The section, or null for the top.</param>
    public IReadOnlyCollection<string> ChildrenOf(string? parent) =>
        _children.TryGetValue(parent is null ? "" : parent + ":", out ImmutableHashSet<string>? names) ? names : [];

    /// <summary>Starts the next image from this one.</summary>
    public Editor Edit() => new(this);

    /// <summary>Makes the next image; its cost is that of the changes. Not thread-safe.</summary>
    internal sealed class Editor(ConfigImage from)
    {
        private readonly ImmutableDictionary<string, string?>.Builder _values = from._values.ToBuilder();
        private readonly ImmutableDictionary<string, ImmutableHashSet<string>>.Builder _children = from._children.ToBuilder();

        public void Set(string path, string? value)
        {
            _values[path] = value;
            string? node = path;
            while (node is not null)
            {
                node = AddToParent(node);
            }
        }

        public void Remove(string path)
        {
            if (!_values.Remove(path))
            {
                return;
            }

            string? node = path;
            while (node is not null && !_values.ContainsKey(node) && !_children.ContainsKey(node + ":"))
            {
                node = RemoveFromParent(node);
            }
        }

        public ConfigImage ToImage() => new(_values.ToImmutable(), _children.ToImmutable());

        /// <summary>Makes a node known to its parent.</summary>
        /// <returns>The parent if that was news, because then it may be news to its own parent, too; otherwise null.</returns>
        private string? AddToParent(string node)
        {
            Split(node, out string parent, out string name, out string? parentPath);
            ImmutableHashSet<string> names = _children.GetValueOrDefault(parent) ?? ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase);
            ImmutableHashSet<string> more = names.Add(name);
            if (ReferenceEquals(names, more))
            {
                return null;
            }

            _children[parent] = more;
            return parentPath;
        }

        private string? RemoveFromParent(string node)
        {
            Split(node, out string parent, out string name, out string? parentPath);
            ImmutableHashSet<string> fewer = _children[parent].Remove(name);
            if (fewer.IsEmpty)
            {
                _children.Remove(parent);
            }
            else
            {
                _children[parent] = fewer;
            }

            return parentPath;
        }

        private static void Split(string node, out string parent, out string name, out string? parentPath)
        {
            int colon = node.LastIndexOf(':');
            parent = colon < 0 ? "" : node[..(colon + 1)];
            name = node[(colon + 1)..];
            parentPath = colon < 0 ? null : node[..colon];
        }
    }
}
