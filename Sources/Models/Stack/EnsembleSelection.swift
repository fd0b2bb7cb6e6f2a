import MaterialsCore

/// Weights of a blend by greedy forward selection with replacement: each round adds the member that lowers the blend's loss most.
///
///     blend = Σ_m (count_m / rounds) · prediction_m
///
/// - Numerics: sums in row order; of equal members the first wins. The best prefix of the rounds is kept.
/// - Cost:     rounds × members × rows × outputs.
/// - Source:   R. Caruana et al., ICML 2004, doi:10.1145/1015330.1015432
struct EnsembleSelection {
    /// Out-of-fold predictions of a member: rows × outputs (one value, or the probabilities of all classes).
    typealias Member = FeatureMatrix

    let targets: [Double]
    let weights: [Double]?
    let loss: BlendLoss

    /// Weights of the members, summing to 1, and the loss of their blend.
    func select(_ members: [Member], rounds: Int = 60) -> (weights: [Double], loss: Double) {
        var sum = FeatureMatrix(rows: targets.count, columns: members[0].columns)
        var counts = [Int](repeating: 0, count: members.count)
        var best: (counts: [Int], loss: Double) = (counts, .infinity)
        for round in 1...rounds {
            var choice: (member: Int, loss: Double)?
            for (m, member) in members.enumerated() {
                let value = self.value(sum, plus: member, share: 1 / Double(round))
                if value < choice?.loss ?? .infinity { choice = (m, value) }
            }
            guard let choice else { break }
            counts[choice.member] += 1
            for i in sum.values.indices { sum.values[i] += members[choice.member].values[i] }
            if choice.loss < best.loss { best = (counts, choice.loss) }
        }
        let total = Double(best.counts.reduce(0, +))
        guard total > 0 else { return ((0..<members.count).map { $0 == 0 ? 1 : 0 }, .infinity) }
        return (best.counts.map { Double($0) / total }, best.loss)
    }

    /// Loss of one member alone.
    func loss(of member: Member) -> Double {
        value(FeatureMatrix(rows: targets.count, columns: member.columns), plus: member, share: 1)
    }

    private func value(_ sum: FeatureMatrix, plus member: Member, share: Double) -> Double {
        var (total, weight) = (0.0, 0.0)
        let outputs = sum.columns
        for row in targets.indices {
            let w = weights?[row] ?? 1
            let column = loss == .logarithmic ? Int(targets[row]) : 0
            let prediction = (sum.values[row * outputs + column] + member.values[row * outputs + column]) * share
            total += w * loss.value(prediction, targets[row])
            weight += w
        }
        return total / weight
    }
}

/// What a blend minimises.
enum BlendLoss: String, CaseIterable, Sendable {
    /// |prediction - target|
    case absolute
    /// (prediction - target)²
    case squared
    /// -log of the probability of the observed class, which counts as 0.001 at least: votes of a forest can be unanimous and wrong
    case logarithmic

    @inline(__always)
    func value(_ prediction: Double, _ target: Double) -> Double {
        switch self {
        case .absolute: return (prediction - target).magnitude
        case .squared: return (prediction - target) * (prediction - target)
        case .logarithmic: return -PortableMath.log(min(max(prediction, 1e-3), 1))
        }
    }
}
