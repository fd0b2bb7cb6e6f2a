import MaterialsCore

/// X-ray powder pattern, smeared into a vector.
///
///     p(2θ) = Σ wᵢ exp(−(2θ − 2θᵢ)² / 2σ²) / (Σ wᵢ √(2π) σ),   σ = bandwidth · standard deviation of the peaks' 2θ, weighted with wᵢ
///
/// - Input:    peaks of `XRayPowderPattern` at 2θᵢ; wᵢ is their intensity (highest 100) rounded down. `wavelength`: Å or a line (`CuKa`
///   (default), `CuKa1`, `MoKa`, …); `two_theta_min` (default 0°), `two_theta_max` (default 127°), `points` (default one a degree, both ends
///   included), `bandwidth` (default 0.05), `debye_waller`: B in Å² by element (default 0)
/// - Output:   128 features with the defaults, `xrd_0` …: density at equal steps of 2θ, 1/degree
/// - Scope:    as `XRayPowderPattern`; also rejects patterns with one peak only (`no-reflections`), which have no standard deviation
/// - Numerics: an intensity within 10⁻⁹ below a whole number counts as that; Gaussians are cut off at 9 σ. matminer 0.10.1 agrees to 10⁻⁸
///   where no intensity is that near to a whole number
/// - Cost:     that of the pattern, and a few µs
/// - Source:   matminer's XRDPowderPattern (gaussian_kde of SciPy over repeated peaks): L. Ward et al., Comput. Mater. Sci. 152, 60 (2018)
public struct XRayPowderDescriptor: StructureDescriptor {
    /// `xray-powder`.
    public static let name = "xray-powder"
    /// The method, and the implementation whose labels these are.
    public static let references = [
        Citation("M. De Graef, M. E. McHenry, Structure of Materials (Cambridge University Press, 2007)"),
        Citation("L. Ward et al., Comput. Mater. Sci. 152, 60 (2018)", doi: "10.1016/j.commatsci.2018.05.018"),
    ]
    /// All.
    public static let invariances: Invariances = .all
    /// Occupancies are weights.
    public static let supportsDisorder = true

    private let conditions: PowderConditions
    private let points: Int
    private let bandwidth: Double

    /// Reads `wavelength`, `two_theta_min`, `two_theta_max`, `points`, `bandwidth` and `debye_waller`.
    public init(settings: inout Settings) throws {
        let low = try settings.number("two_theta_min", default: 0, in: 0...179)
        let high = try settings.number("two_theta_max", default: 127, in: 1...179)
        guard low < high else {
            throw Settings.error(settings.line(of: "two_theta_min"), "'two_theta_min' of \(settings.subject) must be below 'two_theta_max'")
        }
        conditions = PowderConditions(
            wavelength: try Self.wavelength(&settings), twoTheta: low...high, debyeWaller: try Self.debyeWaller(&settings))
        points = try settings.integer("points", default: Int(high - low) + 1, in: 2...10_000)
        bandwidth = try settings.number("bandwidth", default: 0.05, in: 1e-4...10)
        try settings.finish()
    }

    private static func wavelength(_ settings: inout Settings) throws -> Double {
        guard let text = try settings.text("wavelength") else { return PowderConditions().wavelength }
        if let known = PowderConditions.wavelength(of: text) { return known }
        if let number = Double(text), number >= 0.05, number <= 10 { return number }
        throw Settings.error(
            settings.line(of: "wavelength"),
            "'\(text)' is neither a wavelength between 0.05 and 10 Å nor a line"
                + suggestion(for: text, among: PowderConditions.lines.map(\.name)))
    }

    private static func debyeWaller(_ settings: inout Settings) throws -> [Double] {
        guard let setting = settings.setting("debye_waller") else { return [] }
        guard case .mapping(let entries) = setting.value else {
            throw Settings.error(setting.line, "'debye_waller' of \(settings.subject) must map elements to B in Å²")
        }
        var factors = [Double](repeating: 0, count: 119)
        for entry in entries {
            guard let element = Element(symbol: entry.key), case .number(let b) = entry.value.value, b >= 0, b <= 100 else {
                throw Settings.error(entry.line, "'debye_waller' must map elements to numbers from 0 to 100 Å²")
            }
            factors[Int(element.atomicNumber)] = b
        }
        return factors
    }

    /// `xrd_0`, `xrd_1`, …
    public var featureNames: [String] { (0..<points).map { "xrd_\($0)" } }

    /// Fills the smeared pattern.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let peaks = try XRayPowderPattern(crystal, conditions).peaks
        let weights = peaks.map { Double(Int($0.intensity + 1e-9)) }
        var (total, mean) = (0.0, 0.0)
        for (peak, weight) in zip(peaks, weights) {
            total += weight
            mean += weight * peak.twoTheta
        }
        mean /= total
        var variance = 0.0
        for (peak, weight) in zip(peaks, weights) { variance += weight * ((peak.twoTheta - mean) * (peak.twoTheta - mean)) }
        variance /= total - 1
        let sigma = bandwidth * variance.squareRoot()
        guard sigma > 1e-9 else {
            throw CandidateDefect("no-reflections", "the pattern has one peak only, which gives no width to smear it with")
        }
        for point in 0..<points { features[point] = 0 }
        for (peak, weight) in zip(peaks, weights) where weight > 0 { smear(peak.twoTheta, weight, sigma, into: &features) }
        let norm = total * (2 * Double.pi).squareRoot() * sigma
        for point in 0..<points { features[point] /= norm }
    }

    private func smear(_ center: Double, _ weight: Double, _ sigma: Double, into density: inout MutableSpan<Double>) {
        let (low, high) = (conditions.twoTheta.lowerBound, conditions.twoTheta.upperBound)
        let step = (high - low) / Double(points - 1)
        let first = max(0, Int((center - 9 * sigma - low) / step))
        let last = min(points - 1, Int((center + 9 * sigma - low) / step) + 1)
        for point in first...max(first, last) where point < points {
            let distance = (low + Double(point) * step - center) / sigma
            density[point] += weight * PortableMath.exp(-0.5 * (distance * distance))
        }
    }
}
