namespace ConfigClients.Architecture;

/// <summary>States that a rule holds, and lists every fault if it does not.</summary>
internal static class Expect
{
    public static void NoFault(IEnumerable<string> faults)
    {
        string[] all = [.. faults];
        if (all.Length > 0)
        {
            Assert.Fail($"{all.Length} faults:\n{string.Join('\n', all)}");
        }
    }
}
