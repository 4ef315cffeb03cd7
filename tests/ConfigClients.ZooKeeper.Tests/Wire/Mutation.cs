using System.Buffers.Binary;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>Spoils bytes in the ways that broken and hostile servers would.</summary>
internal static class Mutation
{
    private static readonly int[] Lengths = [-1, 0, 1, -2, int.MaxValue, int.MinValue, 10_000_000, 1 << 20, 255, 0x7fffff];

    public static byte[] Of(ReadOnlySpan<byte> good, Random random)
    {
        List<byte> bytes = [.. good];
        for (int times = random.Next(1, 5); times > 0; times--)
        {
            int at = bytes.Count == 0 ? 0 : random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0 when bytes.Count > 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at + 1));
                    break;
                case 2:
                    byte[] more = new byte[random.Next(40)];
                    random.NextBytes(more);
                    bytes.InsertRange(at, more);
                    break;
                case 3 when bytes.Count > 0:
                    bytes.AddRange(bytes.GetRange(at, random.Next(bytes.Count - at)).ToArray());
                    break;
                default:
                    if (bytes.Count >= 4)
                    {
                        byte[] length = new byte[4];
                        BinaryPrimitives.WriteInt32BigEndian(length, Lengths[random.Next(Lengths.Length)]);
                        int place = random.Next(bytes.Count - 3);
                        bytes.RemoveRange(place, 4);
                        bytes.InsertRange(place, length);
                    }

                    break;
            }
        }

        return [.. bytes];
    }
}
