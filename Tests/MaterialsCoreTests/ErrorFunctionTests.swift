import Foundation
import MaterialsCore
import Testing

/// Against the system's library, which is accurate to 1 (erf) and 4 units in the last place (erfc).
@Suite struct ErrorFunctionTests {
    @Test func agreesWithTheSystem() {
        var random = SplitMix64(seed: 12)
        var worst = (erf: 0.0, erfc: 0.0, narrow: 0.0)
        func ulps(_ a: Double, _ b: Double) -> Double { abs(a - b) / b.ulp }
        for i in 0..<400_000 {
            let x = (random.nextUnit() - 0.5) * (i % 2 == 0 ? 12 : 3)
            worst.erf = max(worst.erf, ulps(PortableMath.erf(x), erf(x)))
            worst.erfc = max(worst.erfc, ulps(PortableMath.erfc(x), erfc(x)))
            let y = 0.5 + 26 * random.nextUnit()
            worst.narrow = max(worst.narrow, ulps(PortableMath.erfc(y), erfc(y)))
        }
        #expect(worst.erf <= 2 && worst.erfc <= 5 && worst.narrow <= 5, "\(worst)")
    }

    @Test func edges() {
        #expect(PortableMath.erf(0) == 0 && PortableMath.erf(.infinity) == 1 && PortableMath.erf(-.infinity) == -1)
        #expect(PortableMath.erfc(0) == 1 && PortableMath.erfc(.infinity) == 0 && PortableMath.erfc(-.infinity) == 2)
        #expect(PortableMath.erf(.nan).isNaN && PortableMath.erfc(.nan).isNaN)
        #expect(PortableMath.erf(1e-300) == 1e-300 * 0x1.20dd750429b6dp+0)
        #expect(abs(PortableMath.erfc(26.9) / erfc(26.9) - 1) < 1e-2)
        for seam in [0.5, -0.5, 0.5625, 1, 1.125, 4, 16, 27.3, -2] {
            for x in [seam.nextDown, seam, seam.nextUp] {
                #expect(abs(PortableMath.erf(x) - erf(x)) < 4e-16 && abs(PortableMath.erfc(x) - erfc(x)) < 4e-16)
            }
        }
    }
}
