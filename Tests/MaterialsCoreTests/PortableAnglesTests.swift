import Foundation
import MaterialsCore
import Testing

/// Against the system's library, which is accurate to 1 unit in the last place.
@Suite struct PortableAnglesTests {
    @Test func agreesWithTheSystem() {
        var random = SplitMix64(seed: 11)
        var worst = (sin: 0.0, cos: 0.0, acos: 0.0, atan2: 0.0)
        func ulps(_ a: Double, _ b: Double) -> Double { abs(a - b) / max(b.ulp, 1e-300) }
        for _ in 0..<200_000 {
            let x = (random.nextUnit() - 0.5) * 200
            worst.sin = max(worst.sin, ulps(PortableMath.sin(x), sin(x)))
            worst.cos = max(worst.cos, ulps(PortableMath.cos(x), cos(x)))
            let c = random.nextUnit() * 2 - 1
            worst.acos = max(worst.acos, ulps(PortableMath.acos(c), acos(c)))
            let (u, v) = (random.nextUnit() - 0.5, random.nextUnit() - 0.5)
            worst.atan2 = max(worst.atan2, ulps(PortableMath.atan2(u, v), atan2(u, v)))
        }
        #expect(worst.sin <= 2 && worst.cos <= 2 && worst.acos <= 4 && worst.atan2 <= 4, "\(worst)")
    }

    @Test func edges() {
        #expect(PortableMath.acos(1) == 0 && PortableMath.acos(-1) == Double.pi && PortableMath.acos(1.5).isNaN)
        #expect(PortableMath.sin(0) == 0 && PortableMath.cos(0) == 1 && PortableMath.sin(.infinity).isNaN)
        #expect(PortableMath.atan2(0, -1) == Double.pi && PortableMath.atan2(-1, 0) == -Double.pi / 2)
        #expect(abs(PortableMath.cos(1e6) - cos(1e6)) < 1e-15)
    }
}
