import MaterialsCore

extension OxidationStateList {
    /// Which of the counted states of an element are common enough.
    public enum Commonality: Equatable, Sendable {
        /// States with at least this share of the element's counts, in percent.
        case percent(Double)
        /// The state counted most.
        case main
    }

    /// States that the ICSD of 2024 has at least so many times; SMACT's `ICSD24FilterConfig`.
    ///
    /// - Parameters:
    ///   - consensus: reports that a state needs
    ///   - commonality: share that it needs among those of its element that have them
    public init(consensus: Int, commonality: Commonality) {
        var counted = [[(charge: Int, count: Int)]](repeating: [], count: 119)
        for c in OxidationCountTable.counts where c.count >= consensus { counted[c.atomicNumber].append((c.charge, c.count)) }
        self.init(
            counted.enumerated().dropFirst().map { z, states in
                let most = states.map(\.count).max() ?? 0
                let total = Double(states.reduce(0) { $0 + $1.count })
                let kept: [(charge: Int, count: Int)]
                switch commonality {
                // Of equally common ones the first, the lowest.
                case .main: kept = Array(states.filter { $0.count == most }.prefix(1))
                case .percent(let least): kept = states.filter { Double($0.count) / total * 100 >= least }
                }
                return (element: Element(atomicNumber: z)!, states: kept.map(\.charge))
            })
    }
}
