import MaterialsCore
import Neighborhoods

/// Shells of equal width around an atom, from 0 to a cutoff.
///
/// A distance within 10⁻⁹ Å below an edge counts as on it, so that lattices whose distances are exact decimals fall on the same side
/// however the crystal is turned; the last shell excludes the cutoff.
struct DistanceBins: Sendable {
    /// Outer edge of the last shell, Å.
    let cutoff: Double
    /// Number of shells.
    let count: Int
    /// Volume of each shell, Å³.
    let volumes: [Double]
    private let perAngstrom: Double
    private let edges: [Double]

    /// Reads `cutoff` and `bin_size`, both Å; the cutoff must be a whole number of bins.
    init(settings: inout Settings, cutoff defaultCutoff: Double, binSize defaultSize: Double) throws {
        let cutoff = try settings.number("cutoff", default: defaultCutoff, in: 0.1...50)
        let size = try settings.number("bin_size", default: defaultSize, in: 0.001...50)
        let bins = (cutoff / size).rounded()
        guard bins >= 1, bins <= 10_000, abs(bins * size - cutoff) <= 1e-9 * cutoff else {
            throw Settings.error(
                settings.line(of: "bin_size"), "'cutoff' of \(settings.subject) must be 1 to 10000 whole steps of 'bin_size'")
        }
        (self.cutoff, count, perAngstrom) = (cutoff, Int(bins), bins / cutoff)
        let edges = (0...Int(bins)).map { Double($0) * cutoff / bins }
        self.edges = edges
        volumes = (0..<Int(bins)).map { bin in
            let (inner, outer) = (edges[bin], edges[bin + 1])
            return 4.0 / 3.0 * Double.pi * (outer * outer * outer - inner * inner * inner)
        }
    }

    /// The shell of a distance; `count` or more where it is beyond the last.
    func bin(_ distance: Double) -> Int { Int((distance + 1e-9) * perAngstrom) }

    /// Edges of the shells as text, `from` and `to` the same number of decimals.
    func label(_ bin: Int, decimals: Int) -> (from: String, to: String) {
        (Self.fixed(edges[bin], decimals), Self.fixed(edges[bin + 1], decimals))
    }

    private static func fixed(_ x: Double, _ decimals: Int) -> String {
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let units = Int((x * Double(scale)).rounded())
        let fraction = String(units % scale)
        return "\(units / scale)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}

extension CrystalStructure {
    /// True where a pair is one position with several species rather than two atoms.
    func sharePosition(_ i: Int, _ j: Int, _ image: CellOffset) -> Bool {
        isDisordered && sites[i] == sites[j] && image == .zero
    }
}
