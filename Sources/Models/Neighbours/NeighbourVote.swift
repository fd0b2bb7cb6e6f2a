import MaterialsCore

/// What the neighbours of a row say together.
struct NeighbourVote: Equatable, Sendable {
    /// How much a neighbour counts.
    enum Weighting: String, CaseIterable, Sendable { case uniform, distance }
    /// What a regression makes of the neighbours' targets.
    enum Combination: String, CaseIterable, Sendable { case mean, median }

    var neighbours: Int
    var weighting: Weighting
    var combination: Combination
    /// 0 in a regression.
    var classCount: Int
    /// Part of each class in the training rows; empty in a regression.
    var shares: [Double]

    /// Weights of the neighbours, the nearest first: times 1 / distance where distance counts; a row at no distance drowns all others.
    func weights(_ found: ArraySlice<NeighbourSearch.Neighbour>, _ rowWeights: [Double]) -> [Double] {
        let nearest = found.first?.squaredDistance ?? 0
        return found.map { n in
            switch weighting {
            case .uniform: return rowWeights[n.row]
            case .distance where nearest == 0: return n.squaredDistance == 0 ? rowWeights[n.row] : 0
            // By the ratio to the nearest, which neither overflows nor vanishes.
            case .distance: return rowWeights[n.row] * (nearest / n.squaredDistance).squareRoot()
            }
        }
    }

    /// Mean or median of the targets, their variance about it, and the mean squared distance.
    func regression(_ all: [NeighbourSearch.Neighbour], _ targets: [Double], _ rowWeights: [Double]) -> (
        value: Double, variance: Double, squaredDistance: Double
    ) {
        let found = all.prefix(neighbours)
        let w = weights(found, rowWeights)
        let total = w.reduce(0, +)
        func mean(_ values: (NeighbourSearch.Neighbour) -> Double) -> Double {
            zip(found, w).reduce(0) { $0 + $1.1 * values($1.0) } / total
        }
        let value = combination == .mean ? mean { targets[$0.row] } : median(found, w, targets)
        return (value, mean { (targets[$0.row] - value) * (targets[$0.row] - value) }, mean { $0.squaredDistance })
    }

    /// The least target at which half of the weight is reached; the middle between it and the next where it is met exactly.
    private func median(_ found: ArraySlice<NeighbourSearch.Neighbour>, _ w: [Double], _ targets: [Double]) -> Double {
        let sorted = zip(found, w).map { (target: targets[$0.row], weight: $1) }.sorted { $0.target < $1.target }
        let half = w.reduce(0, +) / 2
        var sum = 0.0
        for (i, entry) in sorted.enumerated() {
            sum += entry.weight
            if sum == half, i + 1 < sorted.count { return (entry.target + sorted[i + 1].target) / 2 }
            if sum >= half { return entry.target }
        }
        return sorted.last?.target ?? .nan
    }

    /// Probability of each class: the neighbours' votes and one more that is shared out as the training rows are.
    func classes(_ all: [NeighbourSearch.Neighbour], _ targets: [Double], _ rowWeights: [Double]) -> [Double] {
        let found = all.prefix(neighbours)
        let w = weights(found, rowWeights)
        var votes = shares
        // In units of the nearest row's vote, which is 1.
        for (n, weight) in zip(found, w) { votes[Int(targets[n.row])] += weight }
        ClassProbabilities.normalise(&votes)
        return votes
    }
}
