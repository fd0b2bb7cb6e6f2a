import MaterialsCore
import Synchronization

/// The choice of penalty and ratio by seeded inner folds, each standardised by itself.
struct ElasticNetSearch {
    /// Which point of the curve is taken: of the least error, or the hardest penalty within one standard error of it.
    enum Rule: String, CaseIterable, Sendable {
        case least
        case oneStandardError = "one-standard-error"
    }

    let data: TrainingData
    let ratios: [Double]
    let clip: Double
    let rule: Rule
    let folds: Int
    let penalties: Int

    /// What was chosen.
    struct Choice {
        var alpha: Double
        var ratio: Double
        /// Mean squared error (regression) or mean negative log likelihood on rows that a fit did not see; NaN without folds.
        var error: Double
    }

    /// Penalties from the largest of use down, evenly in their logarithms.
    func alphas(_ whole: ElasticNetFit, ratio: Double) -> [Double] {
        let top = whole.largestPenalty() / ratio
        guard top > 0 else { return [1] }
        let isTall = data.features.rows > whole.encoding.columns
        let depth = PortableMath.log(isTall ? (data.task == .regression ? 1e-4 : 1e-3) : 1e-2)
        return (0..<penalties).map { top * PortableMath.exp(depth * Double($0) / Double(penalties - 1)) }
    }

    /// The best penalty and ratio.
    func best(_ whole: ElasticNetFit, alpha: Double?, context: TrainingContext) throws -> Choice {
        if let alpha, ratios.count == 1 { return Choice(alpha: alpha, ratio: ratios[0], error: .nan) }
        let grid = ratios.map { r in alpha.map { [$0] } ?? alphas(whole, ratio: r) }
        let count = min(folds, data.features.rows)
        guard count > 1 else { return Choice(alpha: grid[0][0], ratio: ratios[0], error: .nan) }
        let parts = foldRows(count, seed: context.seed)
        // Errors by fold, ratio and penalty, and the weight of each fold.
        let errors = Mutex([[[Double]]?](repeating: nil, count: count))
        let failure = Mutex<(any Error)?>(nil)
        parallelLoop(count, threads: context.threads) { k in
            do {
                let of = try foldErrors(parts[k], grid, context)
                errors.withLock { $0[k] = of }
            } catch { failure.withLock { $0 = $0 ?? error } }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        let all = errors.withLock { $0.compactMap { $0 } }
        guard all.count == count else {
            throw MatSieveError.stopped("elastic-net: stopped during the choice of the penalty; start the fit again")
        }
        return choice(all, grid)
    }

    /// Seeded folds, in a classification with their share of each class.
    private func foldRows(_ count: Int, seed: UInt64) -> [[Int]] {
        var random = SplitMix64(seed: seed)
        let order = random.permutation(data.targets.count)
        let sorted =
            data.task == .regression ? order : (0..<data.classCount).flatMap { c in order.filter { data.targets[$0] == Double(c) } }
        var parts = [[Int]](repeating: [], count: count)
        for (place, row) in sorted.enumerated() { parts[place % count].append(row) }
        return parts.map { $0.sorted() }
    }

    /// Errors on the rows of a fold by ratio and penalty; nil where it was cancelled.
    private func foldErrors(_ tested: [Int], _ grid: [[Double]], _ context: TrainingContext) throws -> [[Double]]? {
        let isTested = Set(tested)
        let fit = try ElasticNetFit(data.selecting(data.targets.indices.filter { !isTested.contains($0) }), clip: clip)
        let test = data.selecting(tested)
        var errors: [[Double]] = []
        for (ratio, alphas) in zip(ratios, grid) {
            guard
                let points = fit.path(
                    alphas, ratio: ratio, tolerance: data.task == .regression ? 1e-7 : 1e-6, isCancelled: context.isCancelled)
            else { return nil }
            errors.append(points.map { ElasticNetScorer(fit.encoding, $0, classCount: data.classCount).meanLoss(test) })
        }
        return errors
    }

    private func choice(_ errors: [[[Double]]], _ grid: [[Double]]) -> Choice {
        var best = (choice: Choice(alpha: grid[0][0], ratio: ratios[0], error: .infinity), deviation: 0.0, ratio: 0)
        func curve(_ r: Int, _ a: Int) -> ModelCard.Metric { ModelCard.Metric(perFold: errors.map { $0[r][a] }) }
        for r in ratios.indices {
            for a in grid[r].indices {
                let e = curve(r, a)
                guard e.mean < best.choice.error else { continue }
                best = (Choice(alpha: grid[r][a], ratio: ratios[r], error: e.mean), e.std ?? 0, r)
            }
        }
        guard rule == .oneStandardError else { return best.choice }
        let limit = best.choice.error + best.deviation / Double(errors.count).squareRoot()
        let a = grid[best.ratio].indices.first { curve(best.ratio, $0).mean <= limit } ?? 0
        return Choice(alpha: grid[best.ratio][a], ratio: ratios[best.ratio], error: curve(best.ratio, a).mean)
    }
}
