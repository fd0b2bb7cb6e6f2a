import MaterialsCore

/// A 64-bit name of a composition up to its scale: Fe2O3 and Fe4O6 have the same.
///
/// Atom fractions are counted in steps of 1/1234577; the step is prime, so no ratio of small whole numbers lies on the
/// border between two steps, and rounding of the fractions cannot change the key.
///
/// - Numerics: two different compositions among 10^5 share a key with a probability below 3e-10.
func compositionKey(_ composition: Composition) -> UInt64 {
    let total = composition.atomCount
    var hash: UInt64 = 0x9e37_79b9_7f4a_7c15
    for (z, amount) in zip(composition.atomicNumbers, composition.amounts) {
        let steps = UInt64((amount / total * 1_234_577).rounded())
        var mixer = SplitMix64(seed: hash ^ (UInt64(z) << 32 | steps))
        hash = mixer.next()
    }
    return hash
}

/// A sorted list of composition keys, searched by halving.
struct CompositionKeySet: Sendable, Equatable {
    let sorted: [UInt64]

    init(_ keys: some Sequence<UInt64>) { sorted = Set(keys).sorted() }

    func contains(_ key: UInt64) -> Bool {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == key
    }

    var count: Int { sorted.count }
}
