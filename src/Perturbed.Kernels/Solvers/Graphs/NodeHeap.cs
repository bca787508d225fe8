using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>
/// A 4-ary heap of nodes with falling keys: a node is in it once, and rises when a shorter path to it is found.
/// </summary>
internal sealed class NodeHeap<T>(int nodes)
    where T : struct, IComparisonOperators<T, T, bool>
{
    private readonly (T Key, int Node)[] entries = new (T, int)[nodes];
    private readonly int[] place = new int[nodes];
    private int count;

    public bool IsEmpty => count == 0;

    public void Clear() => count = 0;

    public void Add(int node, T key) => Raise(count++, node, key);

    /// <summary>Gives a node of the heap a smaller key.</summary>
    public void Lower(int node, T key) => Raise(place[node], node, key);

    /// <summary>Takes out a node of least key.</summary>
    public int Take()
    {
        var least = entries[0].Node;
        var last = entries[--count];
        var at = 0;
        while (true)
        {
            var child = 4 * at + 1;
            if (child >= count) break;
            var end = Math.Min(child + 4, count);
            var smallest = child;
            for (var other = child + 1; other < end; other++)
                if (entries[other].Key < entries[smallest].Key) smallest = other;
            if (entries[smallest].Key >= last.Key) break;
            Put(at, entries[smallest]);
            at = smallest;
        }

        Put(at, last);
        return least;
    }

    private void Raise(int at, int node, T key)
    {
        while (at > 0)
        {
            var parent = (at - 1) >> 2;
            if (entries[parent].Key <= key) break;
            Put(at, entries[parent]);
            at = parent;
        }

        Put(at, (key, node));
    }

    private void Put(int at, (T Key, int Node) entry)
    {
        entries[at] = entry;
        place[entry.Node] = at;
    }
}
