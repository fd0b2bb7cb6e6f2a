import LinearAlgebra
import MaterialsCore

/// Chooses length scales, variances and noise by their posterior on some of the rows, from several starts.
///
/// First one length scale a term on at most 500 rows from every start, then, where asked for, one length scale a feature from the best,
/// then the same on all rows given. The priors are wide log-normal ones: of a length scale about √features (Laplacian: features),
/// deviation 1.5 of the logarithm; of a feature's about the common one, deviation 1; of variances about 1, of noise about 0.05,
/// deviation 2. They matter where the rows say little.
struct HyperparameterSearch {
    let forms: [CovarianceForm]
    let isARD: Bool
    /// Fixed values; nil is chosen.
    let lengthScale: Double?
    let noise: Double?
    let restarts: Int
    let seed: UInt64

    private static let startRows = 500

    /// What was chosen.
    struct Choice {
        var covariance: Covariance
        var noise: Double
        /// Logarithm of the marginal likelihood of the rows used.
        var logLikelihood: Double
    }

    /// `isCancelled` is asked before every evaluation.
    func run(
        _ z: SharedBuffer<Double>, columns: Int, targets: Matrix, noiseFactors: [Double], threads: Int, isCancelled: @escaping () -> Bool
    ) throws -> Choice {
        func problem(_ rows: Int, isARD: Bool) -> MarginalLikelihood {
            var part = Matrix(rows: targets.rows, columns: rows)
            for o in 0..<targets.rows { for i in 0..<rows { part[o, i] = targets[o, i] } }
            return MarginalLikelihood(
                z: z, rows: rows, columns: columns, targets: part, noiseFactors: Array(noiseFactors.prefix(rows)), forms: forms,
                scalesPerTerm: isARD ? columns : 1, threads: threads)
        }
        let priors = commonPriors(columns)
        let few = problem(min(targets.columns, Self.startRows), isARD: false)
        var best: LBFGS.Outcome?
        var random = SplitMix64(seed: seed)
        for k in 0..<restarts {
            let end = try minimize(few, priors, start(k, priors, &random), isCancelled)
            if best == nil || end.value < best!.value { best = end }
        }
        var (last, point, used) = (few, best!.point, priors)
        let wide = isARD && columns > 1 && lengthScale == nil
        if wide {
            (point, used) = spread(point, priors, columns)
            last = problem(few.rows, isARD: true)
            point = try minimize(last, used, point, isCancelled).point
        }
        if targets.columns > few.rows {
            last = problem(targets.columns, isARD: wide)
            point = try minimize(last, used, point, isCancelled).point
        }
        var gradient = [Double](repeating: 0, count: point.count)
        let value = last.evaluate(point, priors: nil, gradient: &gradient)
        let (covariance, noise) = last.unpacked(point)
        return Choice(covariance: covariance, noise: noise, logLikelihood: -value)
    }

    private func commonPriors(_ columns: Int) -> [MarginalLikelihood.Prior] {
        let d = Double(max(columns, 1))
        return forms.flatMap { form in
            let typical = lengthScale ?? (form == .laplacian ? d : d.squareRoot())
            return [.init(mean: 0, deviation: 2), MarginalLikelihood.Prior(mean: PortableMath.log(typical), deviation: 1.5)]
        } + [.init(mean: PortableMath.log(noise ?? 0.05), deviation: 2)]
    }

    /// The first start is the middle of the priors; terms start a factor of three apart.
    private func start(_ k: Int, _ priors: [MarginalLikelihood.Prior], _ random: inout SplitMix64) -> [Double] {
        priors.indices.map { i in
            let isScale = i % 2 == 1 && i < priors.count - 1
            let spread = k == 0 ? 0 : (random.nextUnit() * 2 - 1) * priors[i].deviation
            return priors[i].mean + spread + (isScale && lengthScale == nil ? Double(i / 2) * -1.1 : 0)
        }
    }

    /// One length scale a feature, all equal, with a prior about it.
    private func spread(
        _ point: [Double], _ priors: [MarginalLikelihood.Prior], _ columns: Int
    ) -> ([Double], [MarginalLikelihood.Prior]) {
        var (wide, about): ([Double], [MarginalLikelihood.Prior]) = ([], [])
        for t in forms.indices {
            wide += [point[2 * t]] + [Double](repeating: point[2 * t + 1], count: columns)
            about += [priors[2 * t]] + [MarginalLikelihood.Prior](repeating: .init(mean: point[2 * t + 1], deviation: 1), count: columns)
        }
        return (wide + [point.last!], about + [priors.last!])
    }

    private func minimize(
        _ problem: MarginalLikelihood, _ priors: [MarginalLikelihood.Prior], _ start: [Double], _ isCancelled: () -> Bool
    ) throws -> LBFGS.Outcome {
        var fixed = Set<Int>()
        if noise != nil { fixed.insert(start.count - 1) }
        if lengthScale != nil { for t in forms.indices { fixed.insert(2 * t + 1) } }
        var first = start
        for i in fixed { first[i] = priors[i].mean }
        let search = LBFGS(iterations: 60, gradientTolerance: 1e-3, valueTolerance: 1e-6)
        return try search.minimize(from: first) { point, gradient in
            if isCancelled() { throw MatSieveError.stopped("gaussian-process: stopped while choosing length scales; start it again") }
            let value = problem.evaluate(point, priors: priors, gradient: &gradient)
            for i in fixed { gradient[i] = 0 }
            return value
        }
    }
}
