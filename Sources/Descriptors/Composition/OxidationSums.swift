/// All total charges that the atoms of one element can have, each with its most frequent assignment of oxidation states.
///
/// Assignments are multisets of the element's states. By dynamic programming over states and atoms instead of enumeration:
/// `best[state][atoms][sum]` is the highest count of occurrences that `atoms` atoms reach with the states from `state` on.
struct OxidationSums {
    /// Tables larger than this are not computed.
    static let mostCells = 1 << 20

    private let states: [Int]
    private let occurrences: [Int]
    private let atoms: Int
    private let lowest: Int
    private let width: Int
    private var best: [Int32]
    private static let unreachable = Int32.min

    /// Nil where the table would be too large.
    init?(states: [Int], occurrences: [Int], atoms: Int) {
        let (low, high) = (min(0, states.min() ?? 0), max(0, states.max() ?? 0))
        let width = (high - low) * atoms + 1
        if (states.count + 1) * (atoms + 1) * width > Self.mostCells { return nil }
        (self.states, self.occurrences, self.atoms, self.lowest, self.width) = (states, occurrences, atoms, low * atoms, width)
        best = [Int32](repeating: Self.unreachable, count: (states.count + 1) * (atoms + 1) * width)
        best[place(states.count, 0, 0)] = 0
        for state in states.indices.reversed() { fill(state) }
    }

    private func place(_ state: Int, _ count: Int, _ sum: Int) -> Int { (state * (atoms + 1) + count) * width + sum - lowest }

    private func isInside(_ sum: Int) -> Bool { sum >= lowest && sum < lowest + width }

    private mutating func fill(_ state: Int) {
        for count in 0...atoms {
            for sum in lowest..<lowest + width {
                let without = best[place(state + 1, count, sum)]
                best[place(state, count, sum)] = max(without, withOne(state, count, sum))
            }
        }
    }

    /// Occurrences when at least one atom has `state`.
    private func withOne(_ state: Int, _ count: Int, _ sum: Int) -> Int32 {
        guard count > 0, isInside(sum - states[state]) else { return Self.unreachable }
        let rest = best[place(state, count - 1, sum - states[state])]
        return rest == Self.unreachable ? rest : rest + Int32(occurrences[state])
    }

    /// The highest count of occurrences that gives a sum; nil where none does.
    func score(_ sum: Int) -> Int? {
        guard isInside(sum) else { return nil }
        let value = best[place(0, atoms, sum)]
        return value == Self.unreachable ? nil : Int(value)
    }

    /// Atoms in each state of the most frequent assignment of a sum; of equally frequent ones the first in the order of the states.
    func assignment(_ sum: Int) -> [Int] {
        walk(sum) { state, count, sum in withOne(state, count, sum) == best[place(state, count, sum)] }
    }

    /// Sums that can be reached, in the order in which an enumeration of the assignments meets them.
    func sums() -> [Int] {
        let reached = (lowest..<lowest + width).filter { score($0) != nil }
        let first = reached.map { sum in
            (sum: sum, counts: walk(sum) { state, count, sum in withOne(state, count, sum) != Self.unreachable })
        }
        return first.sorted { $1.counts.lexicographicallyPrecedes($0.counts) }.map(\.sum)
    }

    private func walk(_ total: Int, takes: (_ state: Int, _ count: Int, _ sum: Int) -> Bool) -> [Int] {
        var counts = [Int](repeating: 0, count: states.count)
        var (state, count, sum) = (0, atoms, total)
        while state < states.count {
            if count > 0 && takes(state, count, sum) {
                counts[state] += 1
                count -= 1
                sum -= states[state]
            } else {
                state += 1
            }
        }
        return counts
    }
}
