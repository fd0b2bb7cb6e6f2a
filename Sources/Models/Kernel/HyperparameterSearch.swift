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
    let sharing: ScaleSharing
    /// Fixed values; nil is chosen.
    let lengthScale: Double?
    let noise: Double?
    let restarts: Int
    let seed: UInt64
    /// What was chosen for nearly the same rows before: the only start then.
    var previous: (covariance: Covariance, noise: Double)?

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
        func problem(_ rows: Int, scaleOf: [Int]) -> MarginalLikelihood {
            var part = Matrix(rows: targets.rows, columns: rows)
            for o in 0..<targets.rows { for i in 0..<rows { part[o, i] = targets[o, i] } }
            return MarginalLikelihood(
                z: z, rows: rows, columns: columns, targets: part, noiseFactors: Array(noiseFactors.prefix(rows)), forms: forms,
                scaleOf: scaleOf, threads: threads)
        }
        let common = [Int](repeating: 0, count: columns)
        if let preset = sharing.groups, lengthScale == nil {
            return try grouped(preset, problem(targets.columns, scaleOf: preset.scaleOf), isCancelled)
        }
        let priors = commonPriors(columns)
        let few = problem(min(targets.columns, Self.startRows), scaleOf: common)
        var best: LBFGS.Outcome?
        var random = SplitMix64(seed: seed)
        for k in 0..<(previous == nil ? restarts : 1) {
            let end = try minimize(few, priors, previousPoint ?? start(k, priors, &random), isCancelled)
            if best == nil || end.value < best!.value { best = end }
        }
        var (last, point, used) = (few, best!.point, priors)
        let wide = sharing == .none && columns > 1 && lengthScale == nil
        let each = Array(0..<columns)
        if wide {
            (point, used) = spread(point, priors, columns)
            last = problem(few.rows, scaleOf: each)
            point = try minimize(last, used, point, isCancelled).point
        }
        if targets.columns > few.rows {
            last = problem(targets.columns, scaleOf: wide ? each : common)
            point = try minimize(last, used, point, isCancelled).point
        }
        return choice(last, point)
    }

    private func choice(_ problem: MarginalLikelihood, _ point: [Double]) -> Choice {
        var gradient = [Double](repeating: 0, count: point.count)
        let value = problem.evaluate(point, priors: nil, gradient: &gradient)
        let (covariance, noise) = problem.unpacked(point)
        return Choice(covariance: covariance, noise: noise, logLikelihood: -value)
    }

    /// Length scales of groups from where each group counts the same; terms start a factor of three apart.
    private func grouped(
        _ groups: ScaleGroups, _ problem: MarginalLikelihood, _ isCancelled: () -> Bool
    ) throws -> Choice {
        var priors: [MarginalLikelihood.Prior] = []
        for t in forms.indices {
            priors.append(.init(mean: t == 0 ? 0 : -0.6, deviation: 2))
            priors += groups.typical.map { .init(mean: PortableMath.log($0) - 1.1 * Double(t), deviation: 2) }
        }
        priors.append(.init(mean: PortableMath.log(noise ?? 0.1), deviation: 2))
        return choice(problem, try minimize(problem, priors, priors.map(\.mean), isCancelled).point)
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

    /// The earlier choice with one length scale a term: the geometric mean.
    private var previousPoint: [Double]? {
        previous.map { previous in
            previous.covariance.terms.flatMap { term in
                let logarithms = term.lengthScales.reduce(0) { $0 + PortableMath.log($1) }
                return [PortableMath.log(term.variance), logarithms / Double(term.lengthScales.count)]
            } + [PortableMath.log(previous.noise)]
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
