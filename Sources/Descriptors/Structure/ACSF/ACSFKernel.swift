import CKernels
import MaterialsCore

/// The functions of `ACSFDescriptor` with what several of them share brought together; the inner loops are C.
struct ACSFKernel: Sendable {
    let cutoff: Double
    private let shellExponents: [Double]
    private let shellShifts: [Double]
    let waves: [Double]
    private let lambdas: [Double]
    private let zetas: [Double]
    private let powers: [Int]
    private let closedCount: Int
    private let exponents: [Double]
    /// Angular and radial part of each triple function.
    private let angular: [Int]
    private let radial: [Int]

    init(_ settings: ACSFSettings) {
        (cutoff, waves) = (settings.cutoff, settings.waves)
        (shellExponents, shellShifts) = (settings.shells.map(\.eta), settings.shells.map(\.shift))
        let triples = settings.closed + settings.open
        let shapes = Self.distinct(triples.map { [$0.lambda, $0.zeta] })
        let closed = Self.distinct(settings.closed.map(\.eta))
        let open = Self.distinct(settings.open.map(\.eta))
        (lambdas, zetas) = (shapes.map { $0[0] }, shapes.map { $0[1] })
        powers = zetas.map { Int(exactly: $0) ?? -1 }
        (closedCount, exponents) = (closed.count, closed + open)
        angular = triples.map { shapes.firstIndex(of: [$0.lambda, $0.zeta])! }
        radial = settings.closed.map { closed.firstIndex(of: $0.eta)! } + settings.open.map { closed.count + open.firstIndex(of: $0.eta)! }
    }

    private static func distinct<Value: Equatable>(_ values: [Value]) -> [Value] {
        var found: [Value] = []
        for value in values where !found.contains(value) { found.append(value) }
        return found
    }

    /// Functions of a kind of atoms: G1, G2, G3.
    var pairCount: Int { 1 + shellExponents.count + waves.count }
    /// Functions of a pair of kinds: G4, G5.
    var tripleCount: Int { angular.count }
    /// Doubles that `addTriples` needs.
    var scratchCount: Int { 8 * (lambdas.count + exponents.count + angular.count) }

    /// Fills in the distances of a kind's atoms and adds G1, G2 and G3. `at` holds x, y, z, square, inverse, distance and cutoff
    /// function, `room` values each.
    func addPairs(_ at: UnsafeMutablePointer<Double>, room: Int, count: Int, to sums: UnsafeMutablePointer<Double>) {
        let (distances, cutoffs) = (at + 5 * room, at + 6 * room)
        matsieve_acsf_distances(
            at, at + room, at + 2 * room, count, cutoff, at + 3 * room, at + 4 * room, distances, cutoffs)
        matsieve_acsf_pairs(distances, cutoffs, count, shellExponents, shellShifts, shellExponents.count, sums)
        let first = 1 + shellExponents.count
        for w in waves.indices {
            for i in 0..<count { sums[first + w] += PortableMath.cos(distances[i] * waves[w]) * cutoffs[i] }
        }
    }

    /// Adds G4 and G5 of two kinds, or of one.
    func addTriples(
        _ first: matsieve_acsf_atoms, _ second: matsieve_acsf_atoms, isSame: Bool, scratch: UnsafeMutablePointer<Double>,
        to sums: UnsafeMutablePointer<Double>
    ) {
        lambdas.withUnsafeBufferPointer { lambdas in
            zetas.withUnsafeBufferPointer { zetas in
                powers.withUnsafeBufferPointer { powers in
                    exponents.withUnsafeBufferPointer { exponents in
                        angular.withUnsafeBufferPointer { angular in
                            radial.withUnsafeBufferPointer { radial in
                                var functions = matsieve_acsf_triples(
                                    reach: cutoff, angular_count: lambdas.count, lambda: lambdas.baseAddress, zeta: zetas.baseAddress,
                                    power: powers.baseAddress, closed_count: closedCount, open_count: exponents.count - closedCount,
                                    eta: exponents.baseAddress, count: angular.count, angular: angular.baseAddress,
                                    radial: radial.baseAddress)
                                var (one, other) = (first, second)
                                matsieve_acsf_triples_add(&functions, &one, &other, isSame ? 1 : 0, scratch, sums)
                            }
                        }
                    }
                }
            }
        }
    }
}
