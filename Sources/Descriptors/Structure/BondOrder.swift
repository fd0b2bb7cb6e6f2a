import MaterialsCore

/// Sums of spherical harmonics over the bonds of an atom, for one degree l.
///
///     q_m = Σ_j w_j Y_lm(r_j) / Σ_j w_j,  m = 0…l (q_-m = (-1)^m q_m*)
///
/// - Numerics: Y_lm as (x + iy)^m times a polynomial in z by the stable recurrence of the normalised Legendre functions; no angle is made
/// - Source:   W. H. Press et al., Numerical Recipes, 3rd ed., section 6.7; P. J. Steinhardt, D. R. Nelson, M. Ronchetti,
///   Phys. Rev. B 28, 784 (1983), doi:10.1103/PhysRevB.28.784
struct BondOrder: Sendable {
    let degree: Int
    /// Coefficients of the recurrence for each m: √(2m+1 / 2m) to reach m, then a and b for degrees m + 1…l.
    private let diagonal: [Double]
    private let (rise, fall): ([[Double]], [[Double]])
    private let wigner: WignerTriples

    init(degree l: Int) {
        degree = l
        var (diagonal, rise, fall): ([Double], [[Double]], [[Double]]) = ([], [], [])
        for m in 0...l {
            let twice = Double(2 * m)
            diagonal.append(m == 0 ? (1 / (4 * Double.pi)).squareRoot() : -((twice + 1) / twice).squareRoot())
            let square = Double(m * m)
            let lower = (m..<l).map { Double($0 * $0) }
            let upper = (m..<l).map { Double(($0 + 1) * ($0 + 1)) }
            rise.append(upper.map { ((4 * $0 - 1) / ($0 - square)).squareRoot() })
            fall.append(lower.map { (($0 - square) / (4 * $0 - 1)).squareRoot() })
        }
        (self.diagonal, self.rise, self.fall) = (diagonal, rise, fall)
        wigner = WignerTriples(degree: l)
    }

    /// Adds w Y_lm of a direction of length 1 to 2(l + 1) sums: real and imaginary part for m = 0…l.
    func add(_ direction: CartesianVector, _ weight: Double, to sums: inout [Double], at first: Int) {
        let (x, y, z) = (direction.angstroms.x, direction.angstroms.y, direction.angstroms.z)
        var (real, imaginary, start) = (1.0, 0.0, 1.0)
        for m in 0...degree {
            start *= diagonal[m]
            var (last, value) = (0.0, start)
            for n in 0..<rise[m].count {
                let next = rise[m][n] * (z * value - fall[m][n] * last)
                (last, value) = (value, next)
            }
            sums[first + 2 * m] += weight * value * real
            sums[first + 2 * m + 1] += weight * value * imaginary
            (real, imaginary) = (real * x - imaginary * y, real * y + imaginary * x)
        }
    }

    /// Σ over m = -l…l of |q_m|².
    func squaredNorm(_ sums: [Double], at first: Int) -> Double {
        var total = sums[first] * sums[first]
        for m in 1...degree {
            let (re, im) = (sums[first + 2 * m], sums[first + 2 * m + 1])
            total += 2 * (re * re + im * im)
        }
        return total
    }

    /// q_l = √(4π/(2l+1) Σ |q_m|²).
    func rootMeanSquare(_ squaredNorm: Double) -> Double {
        (4 * Double.pi / Double(2 * degree + 1) * squaredNorm).squareRoot()
    }

    /// ŵ_l = Σ (l l l; m₁ m₂ m₃) q_m₁ q_m₂ q_m₃ / (Σ |q_m|²)^(3/2); 0 where q_l is below 10⁻⁶, so that rounding is not normalised.
    func thirdOrder(_ sums: [Double], at first: Int, _ squaredNorm: Double) -> Double {
        if rootMeanSquare(squaredNorm) < 1e-6 { return 0 }
        var total = 0.0
        for triple in wigner.triples {
            let (a, b) = (value(sums, first, triple.m1), value(sums, first, triple.m2))
            let c = value(sums, first, 0 - triple.m1 - triple.m2)
            let (re, im) = (a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
            total += triple.coefficient * (re * c.re - im * c.im)
        }
        return total / (squaredNorm * squaredNorm.squareRoot())
    }

    private func value(_ sums: [Double], _ first: Int, _ m: Int) -> (re: Double, im: Double) {
        let k = first + 2 * abs(m)
        if m >= 0 { return (sums[k], sums[k + 1]) }
        return m & 1 == 0 ? (sums[k], -sums[k + 1]) : (-sums[k], sums[k + 1])
    }
}

/// Wigner's 3j symbols (l l l; m₁ m₂ -m₁-m₂).
///
/// - Numerics: Racah's sum is a sum of products of three binomial coefficients here, exact in whole numbers up to l = 16
/// - Source:   E. P. Wigner, Group Theory (1959), chapter 24; G. Racah, Phys. Rev. 62, 438 (1942), doi:10.1103/PhysRev.62.438
struct WignerTriples: Sendable {
    /// Where the symbol is not zero.
    private(set) var triples: [(m1: Int, m2: Int, coefficient: Double)] = []

    init(degree l: Int) {
        var factorial = [1.0]
        for k in 1...(3 * l + 1) { factorial.append(factorial[k - 1] * Double(k)) }
        for m1 in -l...l {
            for m2 in max(-l, -l - m1)...min(l, l - m1) {
                var sum = 0
                for t in 0...l {
                    let term = Self.binomial(l, t) * Self.binomial(l, t + m1) * Self.binomial(l, t - m2)
                    sum += t & 1 == 0 ? term : -term
                }
                if sum == 0 { continue }
                var squared = 1 / factorial[3 * l + 1]
                for m in [m1, m2, -m1 - m2] { squared *= factorial[l + m] * (factorial[l - m] / factorial[l]) }
                let sign = (m1 + m2) & 1 == 0 ? 1.0 : -1.0
                triples.append((m1, m2, sign * squared.squareRoot() * Double(sum)))
            }
        }
    }

    private static func binomial(_ n: Int, _ k: Int) -> Int {
        if k < 0 || k > n { return 0 }
        return (0..<k).reduce(1) { $0 * (n - $1) / ($1 + 1) }
    }
}
