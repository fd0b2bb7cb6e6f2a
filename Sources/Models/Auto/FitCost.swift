import MaterialsCore

/// What a fit is expected to cost on one core of 2025, from the counts alone: a budget must not depend on the clock, else neither
/// would the model.
struct FitCost: Sendable {
    /// Seconds.
    var seconds: Double
    /// Bytes at the peak, features not counted.
    var bytes: Double

    /// Estimate of one fit of a model.
    ///
    /// - Parameters:
    ///   - rows: learned from
    ///   - columns: seen
    ///   - outputs: 1, or the classes of more than two
    ///   - seesNeighbours: whether the nearest training rows of each row are looked up first
    init(_ model: String, rows: Int, columns: Int, outputs: Int, units: Double = 1, seesNeighbours: Bool = false) {
        let (n, d, k) = (Double(rows), Double(columns), Double(max(outputs, 1)))
        let table = n * d * 8
        switch model {
        case "boosted-trees": (seconds, bytes) = (0.05 + units * k * (n * d * 0.16e-9 + 0.6e-3), table / 4 + 64e6)
        case "extra-trees": (seconds, bytes) = (0.05 + units * n * d * 1.8e-9 * Self.logarithm(n), table + n * units * 60)
        case "random-forest": (seconds, bytes) = (0.05 + units * n * d * 4e-9 * Self.logarithm(n), table + n * units * 60)
        case "gaussian-process":
            // Rows that covariances are chosen on, by one inner fold of many and by the last fit.
            let (m, h) = (min(n, 20_000), min(n, 600))
            (seconds, bytes) = (0.2 + k * (m * m * m * 0.01e-9 + units * h * h * (h * 0.03e-9 + d * 2e-9)), m * m * 8 + table)
        case "kernel-ridge": (seconds, bytes) = (0.1 + k * n * n * (n * 0.08e-9 + d * 0.1e-9), n * n * 16 + table)
        case "mlp": (seconds, bytes) = (0.2 + units * n * (d + 512) * 256 * 0.12e-9, table * 2)
        case "nearest-neighbours": (seconds, bytes) = (0.05 + n * n * d * 0.05e-9, table)
        case "elastic-net": (seconds, bytes) = (0.05 + n * d * 30e-9, table * 2)
        default: (seconds, bytes) = (0.05 + k * n * d * min(n, d) * 0.4e-9, table * 3)
        }
        guard seesNeighbours else { return }
        let known = min(n, Double(NeighbourTargets.mostKnownRows))
        seconds += n * known * 3e-9 + d * d * d * 5e-9
        bytes += known * 400
    }

    private static func logarithm(_ n: Double) -> Double { PortableMath.log(max(n, 2)) }
}
