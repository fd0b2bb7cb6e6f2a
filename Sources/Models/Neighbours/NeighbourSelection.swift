import MaterialsCore
import Synchronization

/// The choice of metric, number and weighting of the neighbours by leave-one-out, over at most 2,000 seeded rows.
struct NeighbourSelection {
    /// How columns are stretched: not at all, or by the size of their correlation with the target.
    enum Metric: String, CaseIterable, Sendable { case plain, correlation }

    let data: TrainingData
    /// Rows × width, standardised.
    let rows: [Double]
    let width: Int
    let votes: [NeighbourVote]

    /// What leave-one-out found.
    struct Outcome {
        var vote: NeighbourVote
        var stretch: [Double]
        var metric: Metric
        /// Mean absolute error or mean negative log likelihood.
        var loss: Double
        /// Means over the left-out rows: squared residual, variance of the neighbours' targets, squared distance.
        var squares: (residual: Double, variance: Double, distance: Double)
    }

    /// Losses and squares by vote, summed over rows.
    private struct Sums: Sendable {
        var loss: [Double]
        var squares: [SIMD4<Double>]
        var weight = 0.0
        init(_ count: Int) {
            loss = [Double](repeating: 0, count: count)
            squares = [SIMD4<Double>](repeating: .zero, count: count)
        }
    }

    /// The best of the metrics and votes; nil where it was cancelled.
    func best(_ metrics: [Metric], context: TrainingContext) -> Outcome? {
        var best: Outcome?
        for metric in metrics {
            let stretch = factors(metric)
            guard let sums = leaveOneOut(stretch, context) else { return nil }
            for (v, vote) in votes.enumerated() where best == nil || sums.loss[v] / sums.weight < best!.loss {
                let s = sums.squares[v] / sums.weight
                best = Outcome(
                    vote: vote, stretch: stretch, metric: metric, loss: sums.loss[v] / sums.weight,
                    squares: (residual: s[0], variance: s[1], distance: s[2]))
            }
        }
        return best
    }

    /// What is taken where nothing can be left out: the first vote.
    func unjudged() -> Outcome {
        let none = [Double](repeating: 1, count: width)
        return Outcome(vote: votes[0], stretch: none, metric: .plain, loss: .nan, squares: (residual: .nan, variance: 0, distance: 0))
    }

    /// Factors of the columns with a mean square of 1.
    private func factors(_ metric: Metric) -> [Double] {
        guard metric == .correlation else { return [Double](repeating: 1, count: width) }
        let codes = data.classCount == 0 ? [-1] : data.classCount == 2 ? [1] : Array(0..<data.classCount)
        var strength = [Double](repeating: 0, count: width)
        for code in codes {
            let y = data.targets.map { code < 0 ? $0 : ($0 == Double(code) ? 1 : 0) }
            let count = Double(y.count)
            let mean = y.indices.reduce(0) { $0 + data.weight($1) * y[$1] } / count
            let deviation = (y.indices.reduce(0) { $0 + data.weight($1) * (y[$1] - mean) * (y[$1] - mean) } / count).squareRoot()
            guard deviation > 0 else { continue }
            var sums = [Double](repeating: 0, count: width)
            for i in y.indices {
                let d = data.weight(i) * (y[i] - mean)
                for j in 0..<width { sums[j] += rows[i * width + j] * d }
            }
            for j in 0..<width { strength[j] = max(strength[j], (sums[j] / count / deviation).magnitude) }
        }
        let size = (strength.reduce(0) { $0 + $1 * $1 } / Double(width)).squareRoot()
        return strength.map { size > 0 ? $0 / size : 1 }
    }

    private func leaveOneOut(_ stretch: [Double], _ context: TrainingContext) -> Sums? {
        let count = data.targets.count
        let stretched = rows.indices.map { rows[$0] * stretch[$0 % width] }
        let search = NeighbourSearch(rows: stretched, count: count, width: width)
        var random = SplitMix64(seed: context.seed)
        let queries = random.permutation(count).prefix(2_000).sorted()
        let (k, block) = (min((votes.map(\.neighbours).max() ?? 1), count - 1), 64)
        let parts = (queries.count + block - 1) / block
        let weights = (0..<count).map(data.weight)
        let results = Mutex([Sums?](repeating: nil, count: parts))
        parallelLoop(parts, threads: context.threads) { part in
            if context.isCancelled() { return }
            let own = Array(queries[part * block..<min((part + 1) * block, queries.count)])
            let points = own.flatMap { stretched[$0 * width..<($0 + 1) * width] }
            var sums = Sums(votes.count)
            search.forEach(points, count: own.count, nearest: k, excluding: own) { i, found in add(found, own[i], weights, to: &sums) }
            results.withLock { $0[part] = sums }
        }
        let all = results.withLock { $0.compactMap { $0 } }
        guard all.count == parts else { return nil }
        return all.reduce(into: Sums(votes.count)) { total, part in
            total.weight += part.weight
            for v in votes.indices {
                total.loss[v] += part.loss[v]
                total.squares[v] += part.squares[v]
            }
        }
    }

    private func add(_ found: [NeighbourSearch.Neighbour], _ row: Int, _ weights: [Double], to sums: inout Sums) {
        let (w, t) = (weights[row], data.targets[row])
        sums.weight += w
        for (v, vote) in votes.enumerated() {
            if vote.classCount == 0 {
                let (value, variance, distance) = vote.regression(found, data.targets, weights)
                sums.loss[v] += w * (value - t).magnitude
                sums.squares[v] += w * SIMD4((value - t) * (value - t), variance, distance, 0)
            } else {
                sums.loss[v] -= w * PortableMath.log(max(vote.classes(found, data.targets, weights)[Int(t)], 1e-300))
            }
        }
    }
}
