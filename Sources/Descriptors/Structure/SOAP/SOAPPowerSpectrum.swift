import CKernels
import MaterialsCore

/// Products of coefficients, and where each stands in a row.
///
///     p = π √(8 / (2l + 1)) Σ_m c_nlm^Z c_n'lm^Z'
struct SOAPPowerSpectrum: Sendable {
    /// A run of features: the kind whose coefficients come first, the other, and where only n' ≥ n is kept.
    private struct Block {
        var first: Int
        /// nil: all kinds together.
        var second: Int?
        var isTriangle: Bool { first == second }
    }

    private let blocks: [Block]
    private let degree: Int
    private let radialCount: Int
    private let width: Int
    private let factors: [Double]

    init(_ settings: SOAPSettings, kernel: SOAPKernel) {
        (degree, radialCount, width) = (kernel.degree, kernel.radialCount, kernel.width)
        factors = (0...kernel.degree).map { .pi * (8 / Double(2 * $0 + 1)).squareRoot() }
        let kinds = 0..<settings.kinds.count
        switch settings.compression {
        case .off: blocks = kinds.flatMap { first in (first..<kinds.upperBound).map { Block(first: first, second: $0) } }
        case .mu2, .crossover: blocks = kinds.map { Block(first: $0, second: $0) }
        case .mu1nu1: blocks = kinds.map { Block(first: $0, second: nil) }
        }
    }

    /// Features of a row.
    var count: Int { blocks.reduce(0) { $0 + size($1) } }

    private func size(_ block: Block) -> Int {
        (degree + 1) * (block.isTriangle ? radialCount * (radialCount + 1) / 2 : radialCount * radialCount)
    }

    /// `soap Na-Cl n1 n'2 l3`: n belongs to the first element. `any` stands for all elements together.
    func labels(_ species: SpeciesIndex) -> [String] {
        blocks.flatMap { block in
            let pair = species.label(block.first) + "-" + (block.second.map(species.label) ?? "any")
            return (0...degree).flatMap { l in
                (1...radialCount).flatMap { n in
                    ((block.isTriangle ? n : 1)...radialCount).map { p in "soap \(pair) n\(n) n'\(p) l\(l)" }
                }
            }
        }
    }

    /// Adds the spectrum of a centre to a row. Kinds that are not near have no coefficients.
    func add(_ coefficients: [Double], isNear: [Bool], to row: inout UnsafeMutableBufferPointer<Double>) {
        let size = (degree + 1) * (degree + 1) * width
        var scratch = [Double](repeating: 0, count: width * width)
        let total = blocks.contains { $0.second == nil } ? sum(coefficients, size) : []
        var start = 0
        for block in blocks {
            defer { start += self.size(block) }
            if !isNear[block.first] { continue }
            if let second = block.second, !isNear[second] { continue }
            coefficients.withUnsafeBufferPointer { all in
                total.withUnsafeBufferPointer { total in
                    let first = all.baseAddress! + block.first * size
                    let second = block.second.map { all.baseAddress! + $0 * size } ?? total.baseAddress!
                    matsieve_soap_power(
                        first, second, degree, width, radialCount, block.isTriangle ? 1 : 0, factors, &scratch,
                        row.baseAddress! + start)
                }
            }
        }
    }

    /// Coefficients of all kinds together.
    private func sum(_ coefficients: [Double], _ size: Int) -> [Double] {
        var total = [Double](repeating: 0, count: size)
        for start in stride(from: 0, to: coefficients.count, by: size) { for i in 0..<size { total[i] += coefficients[start + i] } }
        return total
    }
}
