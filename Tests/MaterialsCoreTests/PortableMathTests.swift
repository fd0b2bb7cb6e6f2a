import Foundation
import MaterialsCore
import Testing

/// Distance in units of the last place; 0 for two NaN.
private func ulps(_ a: Double, _ b: Double) -> UInt64 {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN ? 0 : .max }
    func key(_ x: Double) -> Int64 { x < 0 ? -Int64(bitPattern: (-x).bitPattern) : Int64(bitPattern: x.magnitude.bitPattern) }
    return (key(a) - key(b)).magnitude
}

/// The system's functions are below one ulp, and so are ours.
private let tolerance: UInt64 = 1

@Suite struct PortableMathTests {
    @Test func exponentialAgreesWithTheSystem() {
        var random = SplitMix64(seed: 1)
        for i in 0..<400_000 {
            let x = i % 2 == 0 ? random.nextUnit() * 1456 - 746 : (random.nextUnit() - 0.5) * Foundation.exp(-40 * random.nextUnit())
            #expect(ulps(PortableMath.exp(x), Foundation.exp(x)) <= tolerance, "exp(\(x))")
        }
    }

    @Test func logarithmsAgreeWithTheSystem() {
        var random = SplitMix64(seed: 2)
        for i in 0..<400_000 {
            let any = Double(bitPattern: random.next() & 0x7fef_ffff_ffff_ffff)
            let x = i % 2 == 0 ? any : 1 + (random.nextUnit() - 0.5) * Foundation.exp(-20 * random.nextUnit())
            #expect(ulps(PortableMath.log(x), Foundation.log(x)) <= tolerance, "log(\(x))")
            #expect(ulps(PortableMath.log10(x), Foundation.log10(x)) <= 2, "log10(\(x))")
            #expect(ulps(PortableMath.log2(x), Foundation.log2(x)) <= tolerance, "log2(\(x))")
        }
    }

    @Test func powersAgreeWithTheSystem() {
        var random = SplitMix64(seed: 3)
        for i in 0..<400_000 {
            let x = i % 3 == 0 ? Double(bitPattern: random.next() & 0x7fef_ffff_ffff_ffff) : Foundation.exp(20 * (random.nextUnit() - 0.5))
            let y = i % 4 == 0 ? Double(random.nextInt(below: 41) - 20) : (random.nextUnit() - 0.5) * 60
            #expect(ulps(PortableMath.pow(x, y), Foundation.pow(x, y)) <= tolerance, "pow(\(x), \(y))")
        }
    }

    /// The cubes of the root's neighbours lie on either side; the system's own cube root is off by up to 4 ulp.
    @Test func cubeRootsAreWithinAnUlpAndExactForCubes() {
        var random = SplitMix64(seed: 4)
        for _ in 0..<200_000 {
            let x = Double(bitPattern: random.next() & 0xffef_ffff_ffff_ffff)
            let root = PortableMath.cbrt(x)
            #expect(ulps(root, Foundation.cbrt(x)) <= 4, "cbrt(\(x))")
            #if arch(x86_64)
                let (below, above) = (Float80(root.nextDown), Float80(root.nextUp))
                #expect(below * below * below < Float80(x) && Float80(x) < above * above * above, "cbrt(\(x))")
            #endif
        }
        for n in 1...2000 { #expect(PortableMath.cbrt(Double(n * n * n)) == Double(n)) }
    }

    @Test func powersOfTheBaseAreExact() {
        for n in -307...308 { #expect(PortableMath.log10(Double("1e\(n)")!) == Double(n)) }
        for n in -1074...1023 { #expect(PortableMath.log2(Double(sign: .plus, exponent: n, significand: 1)) == Double(n)) }
        for n in 0...22 { #expect(PortableMath.pow(10, Double(n)) == Double("1e\(n)")!) }
        for n in -1000...1000 { #expect(PortableMath.pow(Double(n), 2) == Double(n * n)) }
        for n in -1000...1000 { #expect(PortableMath.pow(Double(n), 3) == Double(n * n * n)) }
    }

    @Test func specialValuesAreThoseOfIEEE() {
        let values: [Double] = [
            0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 1.5, -1.5, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
            -.leastNonzeroMagnitude, 2.2250738585072014e-308,
            .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e300, -1e300, 1e-300, 0x1p53 - 1, -(0x1p53 - 1), 0x1p64, 1 - 0x1p-53,
            1 + 0x1p-52, 709.78, 710, -745.13, -746, 1e17,
        ]
        for x in values {
            #expect(same(PortableMath.exp(x), Foundation.exp(x)), "exp(\(x))")
            #expect(same(PortableMath.log(x), Foundation.log(x)), "log(\(x))")
            #expect(same(PortableMath.log2(x), Foundation.log2(x)), "log2(\(x))")
            #expect(ulps(PortableMath.cbrt(x), Foundation.cbrt(x)) <= 4, "cbrt(\(x))")
            for y in values { #expect(same(PortableMath.pow(x, y), Foundation.pow(x, y)), "pow(\(x), \(y))") }
        }
    }

    private func same(_ a: Double, _ b: Double) -> Bool {
        if a.isNaN || b.isNaN { return a.isNaN && b.isNaN }
        return ulps(a, b) <= 1 && (a.sign == b.sign)
    }

    /// The bits may never change: models and results of earlier versions depend on them.
    @Test func bitsAreFixed() {
        var hash = SHA256()
        var random = SplitMix64(seed: 5)
        for _ in 0..<2000 {
            let x = Double(bitPattern: random.next() & 0x7fef_ffff_ffff_ffff)
            let y = random.nextUnit() * 100 - 50
            hash.update([PortableMath.exp(y), PortableMath.log(x), PortableMath.pow(x, y / 50), PortableMath.cbrt(x)])
        }
        #expect(hash.finalize() == "8b02713962266bb8b9bd0097a20bcfe5b58fbec07a08c59c9266884ff13efc3d")
    }
}
