import MaterialsCore
import Neighborhoods

/// Statistics over the sites of the AGNI fingerprint: a radial distribution seen through Gaussian windows.
///
///     A(η) = Σ_j exp(-(d_j / η)²) ½ (cos(π d_j / R) + 1)     over the neighbours within R
///
/// - Input:    `cutoff` R (8 Å), `windows` η in Å (8 from 0.8 to 16, evenly spaced in their logarithm), `statistics` among mean, std_dev,
///   minimum, maximum, range (default mean and std_dev)
/// - Output:   windows × statistics features under matminer's labels, `mean AGNI eta=8.00e-01`, window by window
/// - Scope:    ordered structures; the direction-resolved half of the original is left out, as it turns with the crystal
/// - Numerics: sums over neighbours by atom, then offset. Equals SiteStatsFingerprint of AGNIFingerprints(directions=[None]) of
///   matminer 0.10.1 to 10⁻¹⁰
/// - Cost:     a neighbour search and windows × pairs exponentials of about 5 ns
/// - Source:   V. Botu, R. Ramprasad, Int. J. Quantum Chem. 115, 1074 (2015), doi:10.1002/qua.24836
public struct SiteFingerprintDescriptor: StructureDescriptor {
    private enum Statistic: String, CaseIterable, Sendable {
        case mean, minimum, maximum, range
        case deviation = "std_dev"
    }

    /// `site-fingerprint`.
    public static let name = "site-fingerprint"
    /// The fingerprint.
    public static let references = [
        Citation("V. Botu, R. Ramprasad, Int. J. Quantum Chem. 115, 1074 (2015)", doi: "10.1002/qua.24836")
    ]
    /// All.
    public static let invariances = Invariances.all
    /// Molecules and slabs have neighbours too.
    public static let supportsOpenAxes = true

    private let cutoff: Double
    private let windows: [Double]
    private let statistics: [Statistic]

    /// Reads `cutoff`, `windows` and `statistics`.
    public init(settings: inout Settings) throws {
        cutoff = try settings.number("cutoff", default: 8, in: 0.5...30)
        let line = settings.line(of: "windows")
        windows =
            try settings.list("windows")?.map { setting in
                guard case .number(let width) = setting.value, width >= 0.01, width <= 1000 else {
                    throw Settings.error(setting.line, "'windows' of \(settings.subject) must be numbers between 0.01 and 1000")
                }
                return width
            } ?? (0..<8).map { 0.8 * PortableMath.pow(20, Double($0) / 7) }
        let names = try settings.texts("statistics") ?? ["mean", "std_dev"]
        statistics = try names.map { name in
            guard let statistic = Statistic(rawValue: name) else {
                let known = suggestion(for: name, among: Statistic.allCases.map(\.rawValue))
                throw Settings.error(
                    settings.line(of: "statistics"), "'\(name)' is not among the statistics of \(settings.subject)\(known)")
            }
            return statistic
        }
        if windows.isEmpty || statistics.isEmpty || windows.count > 1000 || Set(windows.map(Self.scientific)).count < windows.count
            || Set(names).count < names.count
        {
            throw Settings.error(line, "'windows' and 'statistics' of \(settings.subject) need one or more different entries")
        }
        try settings.finish()
    }

    /// `mean AGNI eta=8.00e-01`, `std_dev AGNI eta=8.00e-01`, …
    public var featureNames: [String] {
        windows.flatMap { width in statistics.map { "\($0.rawValue) AGNI eta=\(Self.scientific(width))" } }
    }

    /// Sums the windows at each site.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let list = try NeighborList(crystal, cutoff: cutoff)
        var sums = [Double](repeating: 0, count: windows.count * crystal.count)
        for i in 0..<crystal.count {
            for p in list.range(of: i) {
                let d = list.distances[p]
                let fade = 0.5 * (PortableMath.cos(Double.pi * d / cutoff) + 1)
                for w in windows.indices {
                    let x = d / windows[w]
                    sums[w * crystal.count + i] += PortableMath.exp(-(x * x)) * fade
                }
            }
        }
        for w in windows.indices {
            let sites = SiteStatistics(Array(sums[w * crystal.count..<(w + 1) * crystal.count]))
            for (s, statistic) in statistics.enumerated() { features[w * statistics.count + s] = value(of: statistic, sites) }
        }
    }

    private func value(of statistic: Statistic, _ sites: SiteStatistics) -> Double {
        switch statistic {
        case .mean: sites.mean
        case .deviation: sites.deviation
        case .minimum: sites.minimum
        case .maximum: sites.maximum
        case .range: sites.maximum - sites.minimum
        }
    }

    /// Three digits, as C's `%.2e`.
    private static func scientific(_ x: Double) -> String {
        var exponent = Int(PortableMath.log10(x).rounded(.down))
        var digits = Int((x / PortableMath.pow(10, Double(exponent)) * 100).rounded(.toNearestOrEven))
        if digits == 1000 { (digits, exponent) = (100, exponent + 1) }
        let rest = digits % 100
        let size = abs(exponent)
        return "\(digits / 100).\(rest < 10 ? "0" : "")\(rest)e\(exponent < 0 ? "-" : "+")\(size < 10 ? "0" : "")\(size)"
    }
}
