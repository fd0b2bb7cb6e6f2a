import Dispatch
import MaterialsCore
import Synchronization

/// Groups crystals of one composition: each joins the first group whose first member it matches, or starts its own.
///
/// - Output: groups as indices of their first members; no pair is left out but by a bound that a match cannot break
/// - Cost:   comparisons of every crystal with the first of every group: members × groups; on `threads` where there are many
public struct DuplicateSearch: Sendable {
    /// Which group a crystal is in.
    public struct Place: Hashable, Sendable {
        /// Position of the group's first member; its own where it starts a group.
        public var first: Int
        /// Largest displacement to the first member, in units of (volume per site)^⅓; 0 for the first.
        public var displacement: Double

        /// A place.
        public init(first: Int, displacement: Double) { (self.first, self.displacement) = (first, displacement) }
    }

    /// How far equal crystals may differ.
    public let tolerances: MatchTolerances
    /// Threads for large groups; the result does not depend on them.
    public let threads: Int

    /// A search.
    public init(tolerances: MatchTolerances = MatchTolerances(), threads: Int = 1) {
        (self.tolerances, self.threads) = (tolerances, threads)
    }

    /// Crystals that are compared at once, whose results are then taken in order.
    private static let blockSize = 64

    /// The place of each crystal, in order; `isCancelled` is asked between blocks.
    public func places(of crystals: [ReducedCrystal], isCancelled: @Sendable () -> Bool = { false }) -> [Place]? {
        var places: [Place] = []
        var firsts: [Int] = []
        for start in stride(from: 0, to: crystals.count, by: Self.blockSize) {
            if isCancelled() { return nil }
            let block = start..<min(start + Self.blockSize, crystals.count)
            let earlier = matches(block, among: firsts, crystals)
            let known = firsts.count
            for (offset, crystal) in block.enumerated() {
                let place = earlier[offset] ?? firstMatch(crystal, among: firsts[known...], crystals)
                if place == nil { firsts.append(crystal) }
                places.append(place ?? Place(first: crystal, displacement: 0))
            }
        }
        return places
    }

    /// The first of `firsts` that each crystal of a block matches.
    private func matches(_ block: Range<Int>, among firsts: [Int], _ crystals: [ReducedCrystal]) -> [Place?] {
        if threads == 1 || block.count * firsts.count < 256 { return block.map { firstMatch($0, among: firsts[...], crystals) } }
        let results = Results(count: block.count)
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            while case let i = next.wrappingAdd(1, ordering: .relaxed).oldValue, i < block.count {
                results.set(i, firstMatch(block.lowerBound + i, among: firsts[...], crystals))
            }
        }
        return results.places
    }

    private func firstMatch(_ crystal: Int, among firsts: ArraySlice<Int>, _ crystals: [ReducedCrystal]) -> Place? {
        for first in firsts {
            if let match = StructureMatch.find(crystals[first], crystals[crystal], tolerances: tolerances) {
                return Place(first: first, displacement: match.largestDisplacement)
            }
        }
        return nil
    }
}

/// Slots that threads fill.
private final class Results: Sendable {
    private let slots: Mutex<[DuplicateSearch.Place?]>

    init(count: Int) { slots = Mutex([DuplicateSearch.Place?](repeating: nil, count: count)) }

    func set(_ index: Int, _ place: DuplicateSearch.Place?) { slots.withLock { $0[index] = place } }

    var places: [DuplicateSearch.Place?] { slots.withLock { $0 } }
}
