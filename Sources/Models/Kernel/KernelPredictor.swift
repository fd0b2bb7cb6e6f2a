import LinearAlgebra
import MaterialsCore

/// Precision of predictions.
enum KernelPrecision: String, CaseIterable, Sendable { case single, double }

/// Training rows and weights in the precision that their data allow, and how they are kept in a file.
struct KernelPredictor: Sendable {
    let covariance: Covariance
    let columns: Int
    /// Training rows, standardised: rows × columns.
    let z: [Double]
    let outputs: Int
    /// Outputs × rows.
    let weights: [Double]
    private let expansion: Expansion

    private enum Expansion: Sendable {
        case single(KernelExpansion<Float>)
        case double(KernelExpansion<Double>)
    }

    var precision: KernelPrecision {
        if case .single = expansion { return .single }
        return .double
    }

    /// Training rows.
    var rows: Int { outputs == 0 ? 0 : weights.count / outputs }

    /// Features as the kernels take them: standardised, missing ones at the mean, at most 10⁶ deviations away.
    static func standardised(_ features: FeatureMatrix, _ scaling: ColumnScaling) -> [Double] {
        scaling.apply(features, clipped: false).map { min(max($0, -1e6), 1e6) }
    }

    /// Means (rows × outputs) and explained variances; the latter are zeros where there is no factor.
    func evaluate(_ z: [Double], count: Int, wantsExplained: Bool) -> (means: [Double], explained: [Double]) {
        var means = [Double](repeating: 0, count: count * outputs)
        var explained = [Double](repeating: 0, count: count)
        switch expansion {
        case .single(let e): e.evaluate(z, count: count, means: &means, explained: &explained, wantsExplained: wantsExplained)
        case .double(let e): e.evaluate(z, count: count, means: &means, explained: &explained, wantsExplained: wantsExplained)
        }
        return (means, explained)
    }

    private static func packed<S: KernelScalar>(_ type: S.Type, _ covariance: Covariance, _ z: [Double], _ count: Int, _ columns: Int)
        -> KernelRows<S>
    {
        let rows = SharedBuffer(z, padding: 0)
        return KernelRows<S>(covariance, rows: rows.pointer, count: count, columns: columns)
    }

    /// From a fit. Without a wish single precision is taken where it agrees with double: means to `meanTolerance`, explained variances
    /// to `varianceTolerance`, on up to 192 training rows and the middles between them.
    init(
        _ posterior: KernelPosterior, _ covariance: Covariance, z: [Double], columns: Int, precision: KernelPrecision?,
        meanTolerance: Double, varianceTolerance: Double
    ) {
        let count = posterior.weights.columns
        (self.covariance, self.columns, self.z) = (covariance, columns, z)
        (outputs, weights) = (posterior.weights.rows, posterior.weights.values)
        let outputs = posterior.weights.rows
        func packed<S: KernelScalar>(_ type: S.Type) -> KernelExpansion<S> {
            let factor = posterior.factor.map { f in
                KernelFactor<S>(size: f.rows, isTriangular: posterior.isTriangular) { S(f.values[$0 * f.columns + $1]) }
            }
            return KernelExpansion(
                rows: Self.packed(S.self, covariance, z, count, columns), outputs: outputs, weights: posterior.weights.values,
                factor: factor)
        }
        if precision == .single {
            expansion = .single(packed(Float.self))
            return
        }
        let exact = packed(Double.self)
        guard precision == nil else {
            expansion = .double(exact)
            return
        }
        let fast = packed(Float.self)
        let isAlike = Self.agree(
            fast, exact, Self.probes(z, count, columns), columns, meanTolerance: meanTolerance, varianceTolerance: varianceTolerance)
        expansion = isAlike ? .single(fast) : .double(exact)
    }

    private static func probes(_ z: [Double], _ count: Int, _ columns: Int) -> [Double] {
        let used = min(count, 96)
        var result = Array(z.prefix(used * columns))
        for i in 0..<max(used - 1, 0) { for c in 0..<columns { result.append((z[i * columns + c] + z[(i + 1) * columns + c]) / 2) } }
        return result
    }

    private static func agree(
        _ fast: KernelExpansion<Float>, _ exact: KernelExpansion<Double>, _ probes: [Double], _ columns: Int, meanTolerance: Double,
        varianceTolerance: Double
    ) -> Bool {
        let count = columns == 0 ? 1 : probes.count / columns
        var (a, b) = ([Double](repeating: 0, count: count * exact.outputs), [Double](repeating: 0, count: count * exact.outputs))
        var (u, v) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
        fast.evaluate(probes, count: count, means: &a, explained: &u, wantsExplained: true)
        exact.evaluate(probes, count: count, means: &b, explained: &v, wantsExplained: true)
        return zip(a, b).allSatisfy { ($0 - $1).magnitude <= meanTolerance }
            && zip(u, v).allSatisfy { ($0 - $1).magnitude <= varianceTolerance }
    }
}

// MARK: archive

extension KernelPredictor {
    /// The parameters; F in the precision of predictions.
    var parameters: ParameterArchive {
        var archive = ParameterArchive([
            "kernel": .strings(covariance.terms.map(\.form.rawValue)),
            "variances": .doubles(covariance.terms.map(\.variance), shape: [covariance.terms.count]),
            "length_scales": .doubles(
                covariance.terms.flatMap(\.lengthScales), shape: [covariance.terms.count, covariance.terms[0].lengthScales.count]),
            "training_rows": .doubles(z, shape: [rows, columns]),
            "weights": .doubles(weights, shape: [outputs, rows]),
            "precision": .string(precision.rawValue),
        ])
        switch expansion {
        case .single(let e):
            Self.add(e.factor, to: &archive) { values in
                .bytes(values.flatMap { v in withUnsafeBytes(of: v.bitPattern.littleEndian) { Array($0) } })
            }
        case .double(let e): Self.add(e.factor, to: &archive) { .doubles($0, shape: [$0.count]) }
        }
        return archive
    }

    private static func add<S: KernelScalar>(
        _ factor: KernelFactor<S>?, to archive: inout ParameterArchive, _ entry: ([S]) -> ParameterArchive.Entry
    ) {
        archive["factor_shape"] = .integers([Int64(factor?.size ?? 0), factor?.isTriangular == true ? 1 : 0], shape: [2])
        if let factor { archive["factor"] = entry(factor.values) }
    }

    /// Reads what `parameters` gave.
    /// - Throws: `MatSieveError.input` where it is damaged.
    init(parameters: ParameterArchive, columns: Int, outputs: Int, rows expected: Int? = nil) throws {
        let forms = try parameters.strings("kernel").map { CovarianceForm(rawValue: $0) }
        let variances = try parameters.doubles("variances", count: forms.count)
        let scales = try parameters.doubles("length_scales")
        guard !forms.isEmpty, !forms.contains(nil), outputs > 0, scales.count == forms.count || scales.count == forms.count * columns,
            scales.allSatisfy({ $0 > 0 && $0.isFinite }), variances.allSatisfy({ $0 > 0 && $0.isFinite })
        else { throw Self.damaged }
        let each = scales.count / forms.count
        guard each > 0 else { throw Self.damaged }
        covariance = Covariance(
            terms: forms.indices.map {
                CovarianceTerm(form: forms[$0]!, variance: variances[$0], lengthScales: Array(scales[$0 * each..<($0 + 1) * each]))
            })
        weights = try parameters.doubles("weights")
        let rows = weights.count / outputs
        guard rows > 0, weights.count == rows * outputs, weights.allSatisfy(\.isFinite) else { throw Self.damaged }
        let (cells, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard !overflow else { throw Self.damaged }
        z = try parameters.doubles("training_rows", count: cells)
        guard z.allSatisfy({ $0.magnitude <= 1e6 }) else { throw Self.damaged }
        (self.columns, self.outputs) = (columns, outputs)
        let shape = try parameters.integers("factor_shape", count: 2)
        guard shape[0] >= 0, shape[0] <= Int64(rows), shape[1] == 0 || shape[1] == 1 else { throw Self.damaged }
        let (size, isTriangular) = (Int(shape[0]), shape[1] == 1)
        let values = KernelFactor<Double>.valueCount(size, isTriangular: isTriangular)
        switch KernelPrecision(rawValue: try parameters.string("precision")) {
        case .single:
            let factor = size == 0 ? nil : try Self.floats(parameters.bytes("factor"), values)
            expansion = .single(
                KernelExpansion(
                    rows: Self.packed(Float.self, covariance, z, rows, columns), outputs: outputs, weights: weights,
                    factor: factor.map { KernelFactor(size: size, isTriangular: isTriangular, values: $0) }))
        case .double:
            let factor = size == 0 ? nil : try parameters.doubles("factor", count: values)
            guard factor?.allSatisfy(\.isFinite) ?? true else { throw Self.damaged }
            expansion = .double(
                KernelExpansion(
                    rows: Self.packed(Double.self, covariance, z, rows, columns), outputs: outputs, weights: weights,
                    factor: factor.map { KernelFactor(size: size, isTriangular: isTriangular, values: $0) }))
        case nil: throw Self.damaged
        }
    }

    private static func floats(_ bytes: [UInt8], _ count: Int) throws -> [Float] {
        guard bytes.count == count * 4 else { throw damaged }
        let values = bytes.withUnsafeBytes { raw in
            (0..<count).map { Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))) }
        }
        guard values.allSatisfy(\.isFinite) else { throw damaged }
        return values
    }

    static var damaged: MatSieveError {
        .input("model file: the kernel model is damaged or from another version; train it anew")
    }
}
