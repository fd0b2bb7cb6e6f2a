/// All ways to replace up to so many of some slots, each by one of its options, in order: fewer slots first, then by slot, then by option.
struct ReplacementSpace: Equatable, Sendable {
    /// Slots that are replaced together, and the number of their first way.
    private struct Subset: Equatable, Sendable {
        var slots: [Int]
        var first: Int
    }
    private let options: [Int]
    private let subsets: [Subset]
    /// Ways in all.
    let count: Int

    /// - Parameters:
    ///   - options: number of options of each slot
    ///   - atOnce: how many slots may be replaced together
    ///   - includesNone: true where replacing nothing is a way, the first
    /// - Returns: nil where there are more than 2^48 ways, or a million choices of slots.
    init?(options: [Int], atOnce: Int, includesNone: Bool) {
        guard Self.subsetCount(of: options.count, upTo: atOnce) <= Self.mostSubsets else { return nil }
        self.options = options
        var subsets: [Subset] = []
        var first = 0
        for size in (includesNone ? 0 : 1)...max(min(atOnce, options.count), 1) {
            for slots in Self.subsets(of: options.count, size: size) {
                subsets.append(Subset(slots: slots, first: first))
                var ways = 1
                for slot in slots {
                    let (product, overflow) = ways.multipliedReportingOverflow(by: options[slot])
                    if overflow || product > EnumerationSource.largestCount { return nil }
                    ways = product
                }
                first += ways
                if first > EnumerationSource.largestCount { return nil }
            }
        }
        (self.subsets, count) = (subsets, first)
    }

    private static let mostSubsets = 1 << 20

    /// Subsets of at most so many of n slots; a number beyond the limit where there are more.
    private static func subsetCount(of n: Int, upTo most: Int) -> Int {
        var (sum, binomial) = (1, 1)
        for size in 1...max(min(most, n), 1) where n > 0 {
            binomial = binomial * (n - size + 1) / size
            sum += binomial
            if sum > mostSubsets { break }
        }
        return sum
    }

    private static func subsets(of n: Int, size: Int) -> [[Int]] {
        if size == 0 { return [[]] }
        return (0..<n).flatMap { first in
            subsets(of: n - first - 1, size: size - 1).map { [first] + $0.map { $0 + first + 1 } }
        }
    }

    /// Ways that use allowed options only, ascending: their numbers and the slots with the options they take.
    func ways(allowed: [[Int]]) -> [(number: Int, choices: [(slot: Int, option: Int)])] {
        subsets.flatMap { subset -> [(number: Int, choices: [(slot: Int, option: Int)])] in
            if subset.slots.contains(where: { allowed[$0].isEmpty }) { return [] }
            var ways: [(number: Int, choices: [(slot: Int, option: Int)])] = [(0, [])]
            for slot in subset.slots {
                ways = ways.flatMap { way in
                    allowed[slot].map { (way.number * options[slot] + $0, way.choices + [(slot, $0)]) }
                }
            }
            return ways.map { ($0.number + subset.first, $0.choices) }
        }
    }
}
