import CKernels
import MaterialsCore
import Testing

@testable import Descriptors

/// The C loops must give the bits of these plain ones, at every vector width.
@Suite struct ACSFKernelTests {
    private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
        coefficients.dropFirst().reduce(coefficients[0]) { $0 * x + $1 }
    }

    private static func exponential(_ x: Double) -> Double {
        if !(x >= -708) { return 0 }
        let k = (x * 0x1.71547652b82fep+0 + 0x1.8p52) - 0x1.8p52
        let r = (x - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33
        let q = polynomial(
            [
                0x1.af4de97ca4194p-26, 0x1.28a2ca617b969p-22, 0x1.71de0231960ebp-19, 0x1.a019a6611cad5p-16, 0x1.a01a01abe7fe1p-13,
                0x1.6c16c17f46982p-10, 0x1.11111111100dcp-7, 0x1.55555555520a4p-5, 0x1.5555555555557p-3, 0x1.0000000000005p-1, 1, 1,
            ], r)
        return Double(bitPattern: q.bitPattern &+ UInt64(bitPattern: Int64(k)) << 52)
    }

    private static func logarithm(_ x: Double) -> Double {
        let k = Int64(bitPattern: x.bitPattern &- 0x3fe6_a09e_667f_3bcd) >> 52
        let f = Double(bitPattern: x.bitPattern &- UInt64(bitPattern: k) << 52) - 1
        let s = f / (2 + f)
        let z = s * s
        let q = polynomial([23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3].map { 2 / $0 }, z)
        let half = 0.5 * f * f
        let exponent = Double(k)
        return exponent * 0x1.62e42fee00000p-1 - ((half - (s * (half + q * z) + exponent * 0x1.a39ef35793c76p-33)) - f)
    }

    private static func squaredCosine(_ v: Double) -> Double {
        if !(v <= 0x1.3bd3cc9be45dep+1) { return 0 }
        let q = polynomial(
            [
                -0x1.5dc6f502ce37ep-53, 0x1.ae4f74e861e2cp-45, -0x1.9396d39886b4ep-37, 0x1.1eed8e52d29a7p-29, -0x1.27e4fb7663246p-22,
                0x1.a01a01a017cc2p-16, -0x1.6c16c16c16bf5p-10, 0x1.5555555555555p-5, -0.5, 1,
            ], v)
        return q * q
    }

    private static func power(_ base: Double, _ zeta: Double) -> Double {
        guard var n = Int(exactly: zeta) else { return base > 0x1p-1000 ? 2 * exponential(zeta * logarithm(base)) : 0 }
        var (value, b) = (2.0, base)
        while n > 0 {
            if n & 1 == 1 { value *= b }
            b *= b
            n >>= 1
        }
        return value
    }

    private static func total(_ s: [Double]) -> Double { ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7])) }

    /// Neighbours of a centre and what the kernel makes of them.
    private struct Atoms {
        var x, y, z: [Double]
        var count: Int
        var square, inverse, distance, cutoff: [Double]

        init(_ count: Int, reach: Double, seed: UInt64) {
            var random = SplitMix64(seed: seed)
            let room = (count + 7) / 8 * 8
            func coordinates() -> [Double] { (0..<room).map { i in i < count ? (1.2 * random.nextUnit() - 0.6) * reach : 0 } }
            (x, y, z, self.count) = (coordinates(), coordinates(), coordinates(), count)
            square = [Double](repeating: .nan, count: room)
            (inverse, distance, cutoff) = (square, square, square)
            matsieve_acsf_distances(x, y, z, count, reach, &square, &inverse, &distance, &cutoff)
        }

        func lend(_ body: (matsieve_acsf_atoms) -> Void) {
            x.withUnsafeBufferPointer { x in
                y.withUnsafeBufferPointer { y in
                    z.withUnsafeBufferPointer { z in
                        square.withUnsafeBufferPointer { square in
                            inverse.withUnsafeBufferPointer { inverse in
                                cutoff.withUnsafeBufferPointer { cutoff in
                                    body(
                                        matsieve_acsf_atoms(
                                            count: count, x: x.baseAddress, y: y.baseAddress, z: z.baseAddress, square: square.baseAddress,
                                            inverse: inverse.baseAddress, cutoff: cutoff.baseAddress))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private static func scale(_ reach: Double) -> Double { (0x1.921fb54442d18p+0 / reach) * (0x1.921fb54442d18p+0 / reach) }

    @Test(arguments: [1, 5, 8, 9, 40]) func distancesHaveTheBitsOfTheNaiveLoop(_ count: Int) {
        let a = Atoms(count, reach: 4.3, seed: UInt64(count))
        for i in a.x.indices {
            let square = (a.x[i] * a.x[i] + a.y[i] * a.y[i]) + a.z[i] * a.z[i]
            #expect(a.square[i] == square && a.distance[i] == square.squareRoot())
            #expect(a.inverse[i] == (i < count ? 1 / square.squareRoot() : 0))
            #expect(a.cutoff[i] == (i < count ? Self.squaredCosine(square * Self.scale(4.3)) : 0))
        }
    }

    @Test(arguments: [1, 5, 8, 9, 40]) func pairsHaveTheBitsOfTheNaiveLoop(_ count: Int) {
        let a = Atoms(count, reach: 4.3, seed: UInt64(count + 7))
        let (etas, shifts) = ([0.5, 80, 3000], [0.0, 2.2, 4])
        var sums = [1.0, 2, 3, 4]
        matsieve_acsf_pairs(a.distance, a.cutoff, count, etas, shifts, 3, &sums)
        for g in -1..<3 {
            var lanes = [Double](repeating: 0, count: 8)
            for i in a.x.indices {
                let d = a.distance[i] - (g < 0 ? 0 : shifts[g])
                lanes[i % 8] += g < 0 ? a.cutoff[i] : Self.exponential(-etas[g] * (d * d)) * a.cutoff[i]
            }
            #expect(sums[g + 1] == Double(g + 2) + Self.total(lanes))
        }
    }

    @Test(arguments: [(1, 1), (8, 9), (9, 8), (17, 30), (3, 16)]) func triplesHaveTheBitsOfTheNaiveLoop(_ first: Int, _ second: Int) throws
    {
        let parameters: [(eta: Double, zeta: Double, lambda: Double)] = [
            (0.01, 1, 1), (0.01, 4, -1), (0.2, 4, -1), (0.01, 2.5, 0.7), (30, 7, -0.2), (0.05, 0, 1), (0.01, 0.5, -1),
        ]
        let triples = parameters.map { ACSFTriple(eta: $0.eta, zeta: $0.zeta, lambda: $0.lambda) }
        var own = Settings()
        var settings = try ACSFSettings(settings: &own)
        (settings.cutoff, settings.shells, settings.closed, settings.open) = (4.3, [], triples, triples)
        let kernel = ACSFKernel(settings)
        let (a, b) = (Atoms(first, reach: 4.3, seed: 3), Atoms(second, reach: 4.3, seed: 4))
        for isSame in [true, false] {
            let other = isSame ? a : b
            var sums = [Double](repeating: 0.5, count: 2 * triples.count)
            var scratch = [Double](repeating: .nan, count: kernel.scratchCount)
            a.lend { a in other.lend { kernel.addTriples(a, $0, isSame: isSame, scratch: &scratch, to: &sums) } }
            for (f, triple) in (triples + triples).enumerated() {
                let expected = Self.sum(triple, isClosed: f < triples.count, a, other, isSame: isSame)
                #expect(sums[f] == 0.5 + expected, "\(triple), \(isSame)")
            }
        }
    }

    /// One function over all pairs, lane by lane.
    private static func sum(_ f: ACSFTriple, isClosed: Bool, _ a: Atoms, _ b: Atoms, isSame: Bool) -> Double {
        var lanes = [Double](repeating: 0, count: 8)
        for j in 0..<a.count {
            for k in 0..<(isSame ? j : b.count) {
                let (dx, dy, dz) = (b.x[k] - a.x[j], b.y[k] - a.y[j], b.z[k] - a.z[j])
                let side = (dx * dx + dy * dy) + dz * dz
                let dot = (b.x[k] * a.x[j] + b.y[k] * a.y[j]) + b.z[k] * a.z[j]
                let cosine = dot * b.inverse[k] * a.inverse[j]
                let base = max(0, 0.5 + (0.5 * f.lambda) * cosine)
                let squares = b.square[k] + a.square[j]
                let open = b.cutoff[k] * a.cutoff[j]
                let radial = isClosed ? squaredCosine(side * scale(4.3)) * open : open
                lanes[k % 8] += power(base, f.zeta) * (exponential(-f.eta * (isClosed ? squares + side : squares)) * radial)
            }
        }
        return total(lanes)
    }
}
