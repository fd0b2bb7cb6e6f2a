import MaterialsCore

/// Thompson sampling: the best row of a function drawn from the posterior.
///
/// With several objectives one function of each is drawn, and they are weighed by random weights that add up to 1, each function in
/// deviations of its measured values' posterior means.
///
/// - Output: in the objective's unit; with several objectives without unit
/// - Source: W. R. Thompson, Biometrika 25, 285 (1933), doi:10.1093/biomet/25.3-4.285; random weights: B. Paria, K. Kandasamy, B. Póczos,
///   UAI 2019, PMLR 115, 766
public struct Thompson: Acquisition {
    /// Name in commands.
    public static let name = "thompson"
    /// Short name.
    public static let aliases = ["ts", "thompson-sampling"]
    /// One line.
    public static let summary = "best of a function drawn from the posterior; another one for each proposal"
    /// Random; no gain.
    public static let traits = AcquisitionTraits(objectives: 1...6, isRandom: true)

    private let samples: [any FunctionSample]
    private let weights: [Double]

    /// Has no settings.
    public init(settings: inout Settings, state: SearchState) throws {
        try settings.finish()
        var random = SplitMix64(seed: state.seed)
        samples = try state.objectives.map { try $0.posterior.sample(seed: random.next()) }
        guard samples.count > 1 else {
            weights = [1]
            return
        }
        // Exponential draws over their sum are uniform on the simplex.
        let shares = samples.map { _ in -PortableMath.log(1 - random.nextUnit()) }
        let total = shares.reduce(0, +)
        let scales = state.objectives.map { Self.deviation($0.posterior.means(at: state.known)) }
        weights = shares.indices.map { shares[$0] / total / scales[$0] }
    }

    private static func deviation(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(max(values.count, 1))
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(values.count, 1))
        return variance > 0 ? variance.squareRoot() : 1
    }

    /// The drawn value of each row.
    public func scores(_ batch: AcquisitionBatch) -> [Double] {
        var result = samples[0].values(at: batch.rows)
        if samples.count == 1 { return result }
        for r in result.indices { result[r] *= weights[0] }
        for k in samples.indices.dropFirst() {
            for (r, value) in samples[k].values(at: batch.rows).enumerated() { result[r] += weights[k] * value }
        }
        return result
    }
}
