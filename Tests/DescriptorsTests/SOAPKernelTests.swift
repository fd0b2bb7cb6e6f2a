import CKernels
import MaterialsCore
import TestSupport
import Testing

@testable import Descriptors

/// The C loops must give the bits of these plain ones, at every vector width.
@Suite struct SOAPKernelTests {
    /// exp(t), |t| ≤ 1/16, as the kernel's polynomial has it.
    private static func smallExponential(_ t: Double) -> Double {
        let q: [Double] = [
            0x1.a0241ed11e68ap-13, 0x1.6c22224a96c6dp-10, 0x1.111110fcd69d6p-7, 0x1.55555527d1aadp-5, 0x1.55555555557ddp-3,
            0x1.00000000005b0p-1, 1, 1,
        ]
        return q.dropFirst().reduce(q[0]) { $0 * t + $1 }
    }

    /// Real solid harmonics of a point by recurrence, times the weight: at l² + l + m.
    private static func harmonics(_ b: matsieve_soap_basis, _ x: Double, _ y: Double, _ z: Double, _ weight: Double) -> [Double] {
        var out = [Double](repeating: 0, count: (b.degree + 1) * (b.degree + 1))
        let square = (x * x + y * y) + z * z
        var (cosine, sine) = (weight, 0.0)
        for m in 0...b.degree {
            if m > 0 { (cosine, sine) = (x * cosine - y * sine, x * sine + y * cosine) }
            var (before, p) = (0.0, b.raise[m * (b.degree + 1) + m])
            for l in m...b.degree {
                out[l * l + l + m] = p * cosine
                if m > 0 { out[l * l + l - m] = p * sine }
                if l == b.degree { break }
                let at = (l + 1) * (b.degree + 1) + m
                (before, p) = (p, b.raise[at] * z * p - b.lower[at] * square * before)
            }
        }
        return out
    }

    /// The expansion of some atoms, one after the other.
    private static func expand(_ b: matsieve_soap_basis, _ atoms: [SIMD4<Double>]) -> [Double] {
        let (width, harmonic) = (b.width, (b.degree + 1) * (b.degree + 1))
        var sums = [Double](repeating: 0, count: harmonic * width)
        var coefficients = sums
        for a in atoms {
            let angular = harmonics(b, a.x, a.y, a.z, a.w)
            let square = (a.x * a.x + a.y * a.y) + a.z * a.z
            let row = Int(square * b.inverse_spacing + 0.5)
            let rest = square - Double(row) * b.spacing
            for l in 0...b.degree {
                for k in 0..<width {
                    let radial = b.table[row * b.columns + l * width + k] * smallExponential(b.exponent[l * width + k] * rest)
                    for lm in l * l..<(l + 1) * (l + 1) { sums[lm * width + k] += radial * angular[lm] }
                }
            }
        }
        for l in 0...b.degree {
            for lm in l * l..<(l + 1) * (l + 1) {
                for n in 0..<width {
                    for k in 0..<width {
                        coefficients[lm * width + n] += b.contraction[(l * width + k) * width + n] * sums[lm * width + k]
                    }
                }
            }
        }
        return coefficients
    }

    private static func atoms(_ count: Int, seed: UInt64) -> [SIMD4<Double>] {
        var random = SplitMix64(seed: seed)
        func number() -> Double { 6 * random.nextUnit() - 3 }
        return (0..<count).map { _ in SIMD4(number(), number(), number(), random.nextUnit()) }
    }

    private static func kernel(_ radial: Int, _ degree: Int) -> SOAPKernel {
        SOAPKernel(SOAPBasis(cutoff: 5, radialCount: radial, degree: degree, width: 0.5), reach: 6)
    }

    private func run(_ kernel: SOAPKernel, _ atoms: [SIMD4<Double>]) -> [Double] {
        let filled = atoms + [SIMD4<Double>](repeating: .zero, count: (8 - atoms.count % 8) % 8)
        var coefficients = [Double](repeating: .nan, count: kernel.coefficientCount)
        kernel.withBasis { basis in
            var scratch = [Double](repeating: .nan, count: matsieve_soap_scratch(basis))
            matsieve_soap_expand(
                basis, filled.map(\.x), filled.map(\.y), filled.map(\.z), filled.map(\.w), atoms.count, &scratch, &coefficients)
        }
        return coefficients
    }

    @Test(arguments: [(1, 0), (2, 3), (4, 6), (5, 2), (8, 6), (9, 9), (12, 4), (13, 1), (3, 20)])
    func expansionHasTheBitsOfTheNaiveLoop(_ radial: Int, _ degree: Int) {
        let kernel = Self.kernel(radial, degree)
        for count in [1, 7, 8, 9, 31, 32, 33, 70] {
            let atoms = Self.atoms(count, seed: UInt64(count * 100 + degree))
            let expected = kernel.withBasis { Self.expand($0.pointee, atoms) }
            #expect(run(kernel, atoms).map(\.bitPattern) == expected.map(\.bitPattern), "\(count) atoms")
        }
    }

    @Test(arguments: [(1, 0), (3, 4), (4, 6), (8, 6), (9, 9), (13, 2)])
    func powerHasTheBitsOfTheNaiveLoop(_ radial: Int, _ degree: Int) {
        let kernel = Self.kernel(radial, degree)
        let (a, b) = (run(kernel, Self.atoms(20, seed: 1)), run(kernel, Self.atoms(11, seed: 2)))
        let factors = (0...degree).map { 1 / Double($0 + 3) }
        for isTriangle in [true, false] {
            let second = isTriangle ? a : b
            var expected: [Double] = []
            for l in 0...degree {
                for n in 0..<radial {
                    for p in (isTriangle ? n : 0)..<radial {
                        var sum = 0.0
                        for lm in l * l..<(l + 1) * (l + 1) { sum += second[lm * kernel.width + p] * a[lm * kernel.width + n] }
                        expected.append(1 + factors[l] * sum)
                    }
                }
            }
            var features = [Double](repeating: 1, count: expected.count)
            var scratch = [Double](repeating: .nan, count: kernel.width * kernel.width)
            matsieve_soap_power(a, second, degree, kernel.width, radial, isTriangle ? 1 : 0, factors, &scratch, &features)
            #expect(features.map(\.bitPattern) == expected.map(\.bitPattern))
        }
    }

    /// Σ_m R_lm² = (2l + 1)/4π r^2l (Unsöld), and the z axis has m = 0 only.
    @Test func harmonicsAreNormalised() {
        Self.kernel(1, 20).withBasis { basis in
            for atom in Self.atoms(20, seed: 5) {
                let values = Self.harmonics(basis.pointee, atom.x, atom.y, atom.z, 1)
                let square = atom.x * atom.x + atom.y * atom.y + atom.z * atom.z
                for l in 0...20 {
                    let sum = values[l * l..<(l + 1) * (l + 1)].reduce(0) { $0 + $1 * $1 }
                    let expected = Double(2 * l + 1) / (4 * .pi) * PortableMath.pow(square, Double(l))
                    #expect((sum / expected - 1).magnitude < 1e-13)
                }
            }
            let axis = Self.harmonics(basis.pointee, 0, 0, 2, 1)
            for l in 0...20 { for m in -l...l where m != 0 { #expect(axis[l * l + l + m] == 0) } }
        }
    }

    /// S^-½ S S^-½ = 1 for overlaps with a condition number above 10¹¹.
    @Test func inverseRootOrthonormalises() {
        let size = 8
        let nodes = (0..<size).map { 1 + 0.5 * Double($0) }
        let hilbert = nodes.flatMap { a in nodes.map { DoubleDouble(1) / DoubleDouble(sum: a, $0) } }
        let root = SymmetricInverseRoot(hilbert, size: size)
        #expect(root.condition > 1e11 && root.condition < 1e14)
        for i in 0..<size {
            for j in 0...i {
                var sum = DoubleDouble(0)
                for k in 0..<size {
                    for m in 0..<size {
                        sum = sum + DoubleDouble(product: root.values[i * size + k], root.values[m * size + j]) * hilbert[k * size + m]
                    }
                }
                // The root is rounded to double: what is left is that rounding times its own size.
                #expect((sum.high - (i == j ? 1 : 0)).magnitude < 1e-8)
            }
        }
        #expect(SymmetricInverseRoot([1, 2, 2, 1].map { DoubleDouble($0) }, size: 2).values.isEmpty)
    }
}
