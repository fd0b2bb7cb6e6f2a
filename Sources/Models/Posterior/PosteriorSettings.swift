import MaterialsCore

/// Settings that posteriors share, beside the covariance that was chosen by them.
struct PosteriorSettings {
    var form: CovarianceForm
    var lengths: LengthScales
    /// Nil is chosen.
    var lengthScale: Double?
    /// Variance over that of the targets; nil is chosen.
    var noise: Double?
    var restarts: Int
    var choiceRows: Int

    /// Shapes whose random frequencies are known.
    private enum Form: String, CaseIterable { case rbf, matern32, matern52 }
    private enum Lengths: String, CaseIterable { case one, each }

    /// Up to so many descriptors each has a length scale of its own unless asked otherwise.
    private static let mostLengths = 20

    init(_ settings: inout Settings, columns: Int) throws {
        form = CovarianceForm(rawValue: try settings.choice("kernel", default: Form.matern32).rawValue)!
        lengths = LengthScales(
            rawValue: try settings.choice("length_scales", default: columns <= Self.mostLengths ? Lengths.each : .one).rawValue)!
        lengthScale = try KernelSettings.positive("length_scale", 1e-3...1e6, &settings)
        noise = try KernelSettings.positive("noise", 1e-10...1e3, &settings)
        restarts = try settings.integer("restarts", default: 3, in: 1...100)
        choiceRows = try settings.integer("rows_for_hyperparameters", default: 500, in: 10...5_000)
    }

    /// A covariance and a variance of noise for standardised targets.
    func chosen(_ rows: FeatureMatrix, _ targets: [Double], previous: PosteriorParameters?, _ context: TrainingContext) throws
        -> PosteriorParameters
    {
        if let lengthScale, let noise {
            let term = CovarianceTerm(form: form, variance: 1, lengthScales: [lengthScale])
            return PosteriorParameters(covariance: Covariance(terms: [term]), noise: noise)
        }
        var order = Array(0..<rows.rows)
        if rows.rows > choiceRows {
            var random = SplitMix64(seed: context.seed ^ 0x706f_7374)
            order = Array(random.permutation(rows.rows).prefix(choiceRows))
        }
        let z = SharedBuffer(rows.selecting(order).values, padding: 0)
        var search = HyperparameterSearch(
            forms: [form], sharing: lengths == .each ? .none : .all, lengthScale: lengthScale, noise: noise, restarts: restarts,
            seed: context.seed)
        search.previous = previous.map { ($0.covariance, $0.noise) }
        let choice = try search.run(
            z, columns: rows.columns, targets: .init(rows: 1, columns: order.count, values: order.map { targets[$0] }),
            noiseFactors: [Double](repeating: 1, count: order.count), threads: context.threads, isCancelled: context.isCancelled)
        return PosteriorParameters(covariance: choice.covariance, noise: choice.noise)
    }
}

/// What a posterior chose: all of standardised targets.
struct PosteriorParameters: Sendable {
    var covariance: Covariance
    var noise: Double

    /// The only term.
    var term: CovarianceTerm { covariance.terms[0] }

    /// For people.
    func summary(_ scale: Double) -> [String: String] {
        let lengths = (term.lengthScales.min()!, term.lengthScales.max()!)
        return [
            "kernel": term.form.rawValue, "noise": roughNumberText(noise.squareRoot() * scale),
            "length_scale": lengths.0 == lengths.1
                ? roughNumberText(lengths.0) : roughNumberText(lengths.0) + " to " + roughNumberText(lengths.1),
            "deviation": roughNumberText(term.variance.squareRoot() * scale),
        ]
    }
}

/// Brings targets to mean 0 and deviation 1, and back.
struct TargetScale: Sendable {
    let mean: Double
    let scale: Double

    /// Of constant targets the scale is 1.
    init(_ targets: [Double]) {
        let count = Double(max(targets.count, 1))
        let first = targets.first ?? 0
        let mean = first + targets.reduce(0) { $0 + ($1 - first) } / count
        let deviation = (targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
        (self.mean, scale) = (mean, deviation > mean.magnitude * 1e-14 && deviation.isFinite ? deviation : 1)
    }

    func standardised(_ target: Double) -> Double { (target - mean) / scale }
}
