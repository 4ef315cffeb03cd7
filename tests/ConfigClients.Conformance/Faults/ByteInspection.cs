namespace ConfigClients.Conformance.Faults;

/// <summary>Looks at bytes before they are handed on; false to reset the connection instead.</summary>
internal delegate bool ByteInspection(ReadOnlySpan<byte> bytes);
