import LinearAlgebra
import MaterialsCore
import Neighborhoods

/// The Coulomb sum over a crystal's images, split by Gaussian clouds into a part over near images and one over reciprocal vectors.
///
///     Σ 1/r = Σ erfc(α r)/r  +  4π/V Σ_G exp(-G²/4α²)/G² cos G·r  -  2α/√π (self)  -  π/(V α²) (uniform background)
///
/// - Numerics: pairs in the order of the neighbour list, reciprocal vectors in the order of their indices, half of them for both signs
/// - Source:   A. Y. Toukmaji, J. A. Board, Comput. Phys. Commun. 95, 73 (1996), doi:10.1016/0010-4655(96)00016-1; choice of α and the
///   cutoffs: R. A. Jackson, C. R. A. Catlow, Mol. Simul. 1, 207 (1988), doi:10.1080/08927022.2013.840898
struct EwaldSum {
    /// How far the two sums go.
    struct Reach: Sendable {
        /// Inverse width of the clouds α, 1/Å.
        var screening: Double
        /// Of the sum over images, Å.
        var realCutoff: Double
        /// Of the sum over reciprocal vectors (with 2π), 1/Å.
        var reciprocalCutoff: Double

        /// Balanced cutoffs for terms down to `accuracy`; `weight` is the price of a near pair over that of a reciprocal vector.
        init(atoms: Int, volume: Double, accuracy: Double, weight: Double = 1) {
            let screening = Self.balancedScreening(atoms: atoms, volume: volume, weight: weight)
            self.init(screening: screening, accuracy: accuracy)
        }

        init(screening: Double, accuracy: Double) {
            let f = (-PortableMath.log(accuracy)).squareRoot()
            self.init(screening: screening, realCutoff: f / screening, reciprocalCutoff: 2 * screening * f)
        }

        init(screening: Double, realCutoff: Double, reciprocalCutoff: Double) {
            (self.screening, self.realCutoff, self.reciprocalCutoff) = (screening, realCutoff, reciprocalCutoff)
        }

        /// √π (N w / V²)^(1/6)
        static func balancedScreening(atoms: Int, volume: Double, weight: Double) -> Double {
            PortableMath.cbrt(Double(atoms) * weight / (volume * volume)).squareRoot() * Double.pi.squareRoot()
        }
    }

    let crystal: CrystalStructure
    let reach: Reach
    private let pairs: NeighborList
    private let reciprocal: ReciprocalVectors

    /// - Throws: `coincident-atoms`, `too-many-neighbors`
    init(_ crystal: CrystalStructure, reach: Reach) throws(CandidateDefect) {
        (self.crystal, self.reach) = (crystal, reach)
        pairs = try NeighborList(crystal, cutoff: reach.realCutoff)
        for i in 0..<crystal.count {
            for p in pairs.range(of: i) where pairs.distances[p] <= 1e-8 { throw coincidentAtoms(i, Int(pairs.neighbors[p])) }
        }
        reciprocal = try ReciprocalVectors(crystal.lattice, screening: reach.screening, cutoff: reach.reciprocalCutoff)
    }

    /// `½ Σ_ij q_i q_j Σ_images 1/r`, charges squared per Å; a net charge is met by a uniform background.
    func energy(_ charges: [Double]) -> Double {
        var near = 0.0
        for i in 0..<crystal.count {
            var sum = 0.0
            for p in pairs.range(of: i) { sum += charges[Int(pairs.neighbors[p])] * screened(pairs.distances[p]) }
            near += charges[i] * sum
        }
        let phases = reciprocal.phases(crystal.positions)
        var far = 0.0
        for g in 0..<reciprocal.count {
            var (real, imaginary) = (0.0, 0.0)
            for i in charges.indices {
                real += charges[i] * phases.cosines[i * reciprocal.count + g]
                imaginary += charges[i] * phases.sines[i * reciprocal.count + g]
            }
            far += reciprocal.factors[g] * (real * real + imaginary * imaginary)
        }
        let squares = charges.reduce(0) { $0 + $1 * $1 }
        let net = charges.reduce(0, +)
        let volume = crystal.lattice.volume
        let constant = reach.screening / Double.pi.squareRoot() * squares + background(volume) / 2 * net * net
        return (near / 2 + 4 * Double.pi / volume * far) - constant
    }

    /// Energies of pairs of charges and all their images; a charge with its own images on the diagonal. The upper triangle and the
    /// diagonal add up to `energy`. Row-major.
    func matrix(_ charges: [Double]) -> [Double] {
        let n = charges.count
        var sums = reciprocal.pairSums(crystal.positions)
        let volume = crystal.lattice.volume
        let background = background(volume)
        for k in sums.indices { sums[k] = sums[k] * (8 * Double.pi / volume) - background }
        for i in 0..<n { for p in pairs.range(of: i) { sums[i * n + Int(pairs.neighbors[p])] += screened(pairs.distances[p]) } }
        let own = 2 * reach.screening / Double.pi.squareRoot()
        for i in 0..<n {
            sums[i * n + i] = charges[i] * charges[i] * ((sums[i * n + i] - own) / 2)
            for j in 0..<i {
                let value = charges[i] * charges[j] * sums[i * n + j]
                (sums[i * n + j], sums[j * n + i]) = (value, value)
            }
        }
        return sums
    }

    private func screened(_ distance: Double) -> Double { PortableMath.erfc(reach.screening * distance) / distance }
    private func background(_ volume: Double) -> Double { Double.pi / (volume * (reach.screening * reach.screening)) }
}
