extension PortableMath {
    /// Sine of an angle in radians; NaN for infinities.
    ///
    /// - Numerics: error below 1 unit in the last place for |x| ≤ 10⁵; beyond, the reduction by π/2 loses digits as |x| · 10⁻³² / ulp.
    public static func sin(_ x: Double) -> Double {
        let (r, tail, quadrant) = reducedAngle(x)
        switch quadrant & 3 {
        case 0: return sinSeries(r, tail)
        case 1: return cosSeries(r, tail)
        case 2: return -sinSeries(r, tail)
        default: return -cosSeries(r, tail)
        }
    }

    /// Cosine of an angle in radians; NaN for infinities.
    ///
    /// - Numerics: as `sin`.
    public static func cos(_ x: Double) -> Double {
        let (r, tail, quadrant) = reducedAngle(x)
        switch quadrant & 3 {
        case 0: return cosSeries(r, tail)
        case 1: return -sinSeries(r, tail)
        case 2: return -cosSeries(r, tail)
        default: return sinSeries(r, tail)
        }
    }

    /// Angle between 0 and π whose cosine is `x`; NaN outside [-1, 1].
    ///
    /// - Numerics: error below 2 units in the last place.
    public static func acos(_ x: Double) -> Double {
        guard x >= -1, x <= 1 else { return .nan }
        // The half-angle form keeps its digits at both ends, where 1 - x is exact.
        return 2 * atan2(((1 - x)).squareRoot(), (1 + x).squareRoot())
    }

    /// Angle of the vector (x, y) to the x axis, between -π and π; 0 for the zero vector.
    ///
    /// - Numerics: error below 2 units in the last place.
    public static func atan2(_ y: Double, _ x: Double) -> Double {
        if x.isNaN || y.isNaN { return .nan }
        let (u, v) = (abs(x), abs(y))
        if u == 0, v == 0 { return 0 }
        let acute = v <= u ? atan(ratio: v / u) : Double.pi / 2 - atan(ratio: u / v)
        let angle = x < 0 ? Double.pi - acute : acute
        return y < 0 ? -angle : angle
    }

    /// Arc tangent of a number from 0 to 1.
    private static func atan(ratio t: Double) -> Double {
        // tan(k π/32) for the nearest k: atan t = k π/32 + atan((t - c) / (1 + t c)), whose argument is below tan(π/64).
        var k = 0
        while k < 8, t > tangentsBetween[k] { k += 1 }
        let c = tangents[k]
        let s = (t - c) / (1 + t * c)
        let z = s * s
        let series =
            z * (-1.0 / 3 + z * (1.0 / 5 + z * (-1.0 / 7 + z * (1.0 / 9 + z * (-1.0 / 11 + z * (1.0 / 13 + z * (-1.0 / 15)))))))
        return Double(k) * (Double.pi / 32) + (s + s * series)
    }

    /// tan(k π/32), k = 0…8.
    private static let tangents: [Double] = [
        0, 0.09849140335716425, 0.198912367379658, 0.3033466836073424, 0.41421356237309503, 0.5345111359507916, 0.6681786379192989,
        0.8206787908286602, 1,
    ]
    /// tan((k + ½) π/32), k = 0…7.
    private static let tangentsBetween: [Double] = [
        0.049126849769467254, 0.14833598753834742, 0.25048696019130545, 0.3578057213145241, 0.4729647758913199, 0.5993769336819237,
        0.7416505462720354, 0.906347169019147,
    ]

    /// x - quadrant · π/2 as a number between -π/4 and π/4 and what it lacks.
    private static func reducedAngle(_ x: Double) -> (r: Double, tail: Double, quadrant: Int) {
        guard abs(x) < 0x1p20 else { return abs(x) < .infinity ? reducedAngle(x.remainder(dividingBy: 2 * Double.pi)) : (.nan, 0, 0) }
        let k = (x * 0x1.45f306dc9c883p-1 + 0x1.8p52) - 0x1.8p52
        // π/2 in three parts of 33, 33 and 53 bits: the first two products are exact.
        let coarse = x - k * 0x1.921fb544p+0
        let middle = k * 0x1.0b4611a6p-34
        let head = coarse - middle
        let lost = k * 0x1.3198a2e037073p-69 - ((coarse - head) - middle)
        let r = head - lost
        return (r, (head - r) - lost, Int(k))
    }

    private static func sinSeries(_ r: Double, _ tail: Double) -> Double {
        let z = r * r
        let p =
            1.0 / 362_880 + z
            * (-1.0 / 39_916_800 + z * (1.0 / 6_227_020_800 + z * (-1.0 / 1_307_674_368_000 + z * (1.0 / 355_687_428_096_000))))
        let q = -1.0 / 6 + z * (1.0 / 120 + z * (-1.0 / 5040 + z * p))
        return r + (r * z * q + tail * (1 - 0.5 * z))
    }

    private static func cosSeries(_ r: Double, _ tail: Double) -> Double {
        let z = r * r
        let p =
            1.0 / 3_628_800 - z
            * (1.0 / 479_001_600 - z * (1.0 / 87_178_291_200 - z * (1.0 / 20_922_789_888_000 - z * (1.0 / 6_402_373_705_728_000))))
        let q = z * z * (1.0 / 24 + z * (-1.0 / 720 + z * (1.0 / 40320 - z * p)))
        let half = 0.5 * z
        let first = 1 - half
        return first + (((1 - first) - half) + (q - r * tail))
    }
}
