import MaterialsCore

/// Orthonormal radial functions of Gaussian-type orbitals, as DScribe builds them.
///
///     g_nl(r) = Σ_k β_nkl r^l exp(−α_kl r²)      α_kl = −ln(10⁻³ / a_k^l) / a_k²      a_k = 1 … r_cut in equal steps
///
/// β_l = S_l^-½ with the overlaps S_ij = ½ Γ(l + 3/2) (α_i + α_j)^(−l − 3/2). An atom is a Gaussian of width σ, so its coefficient is
///
///     c_nlm = Σ_k B_nkl exp(−α_kl r² / (1 + α_kl/η)) R_lm(r)
///     B_nkl = (π/η)^(3/2) (1 + α_kl/η)^(−l − 3/2) β_nkl      η = 1 / (2σ²)
///
/// with R_lm the real solid harmonics.
///
/// - Source: L. Himanen et al., Comput. Phys. Commun. 247, 106949 (2020), doi:10.1016/j.cpc.2019.106949
struct SOAPBasis: Sendable {
    /// Primitive and orthonormal functions of a degree.
    let radialCount: Int
    /// Largest degree.
    let degree: Int
    /// Exponents −α/(1 + α/η) at `[l][k]`, 1/Å².
    let exponents: [Double]
    /// B at `[l][n][k]`.
    let contraction: [Double]
    /// Condition number of the worst overlap matrix.
    let condition: Double

    init(cutoff: Double, radialCount: Int, degree: Int, width: Double) {
        (self.radialCount, self.degree) = (radialCount, degree)
        let eta = 1 / (2 * (width * width))
        let decayRadii = Self.decayRadii(cutoff: cutoff, count: radialCount)
        var (exponents, contraction, condition) = ([Double](), [Double](), 1.0)
        for l in 0...degree {
            let alphas = decayRadii.map { (Self.logThreshold + Double(l) * PortableMath.log($0)) / ($0 * $0) }
            let root = SymmetricInverseRoot(Self.overlap(alphas, degree: l), size: radialCount)
            condition = max(condition, root.condition)
            let scales = alphas.map { Self.gaussianOverlap($0, eta: eta, degree: l) }
            exponents += alphas.map { -$0 / (1 + $0 / eta) }
            contraction += root.values.indices.map { root.values[$0] * scales[$0 % radialCount] }
        }
        (self.exponents, self.contraction, self.condition) = (exponents, contraction, condition)
    }

    /// ln 1000: what the functions decay to at their radius.
    private static let logThreshold = PortableMath.log(1000)

    /// Where the primitive functions have decayed, Å.
    private static func decayRadii(cutoff: Double, count: Int) -> [Double] {
        if count == 1 { return [1] }
        let step = (cutoff - 1) / Double(count - 1)
        return (0..<count).map { $0 == count - 1 ? cutoff : 1 + step * Double($0) }
    }

    /// S of a degree; ½ Γ(l + 3/2) = ¼ √π · 3/2 · 5/2 …
    private static func overlap(_ alphas: [Double], degree: Int) -> [DoubleDouble] {
        var factor = DoubleDouble(0x1.c5bf891b4ef6bp-2, -0x1.618f13eb7ca89p-56)
        for l in 0..<degree { factor = factor * DoubleDouble(Double(l) + 1.5) }
        return alphas.flatMap { a in
            alphas.map { b in
                let sum = DoubleDouble(sum: a, b)
                var power = sum.squareRoot
                for _ in 0...degree { power = power * sum }
                return factor / power
            }
        }
    }

    /// (π/η)^(3/2) (1 + α/η)^(−l − 3/2).
    private static func gaussianOverlap(_ alpha: Double, eta: Double, degree: Int) -> Double {
        let ratio = .pi / eta
        let base = 1 / (1 + alpha / eta)
        var value = ratio * ratio.squareRoot() * base.squareRoot()
        for _ in 0...degree { value *= base }
        return value
    }
}
