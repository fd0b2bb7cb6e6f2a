import MaterialsCore

/// Moments of the spectrum of the normalised Laplacian of the infinite net of bonded atoms.
///
///     L = 1 − D^(−1/2) A D^(−1/2)        μ_k = tr (L − 1)^k / n = (−1)^k · mean over the atoms of p_k
///
/// where p_k is the probability that a random walk along the bonds is back after k steps: closed walks replace the eigenvalues, so that
/// the moments are those of the net and not of a cell.
///
/// - Input:    a structure, and a rule that joins atoms (see `GraphRule`): `bonds`, `tolerance`, `cutoff`, `neighbors`, `bridges`
/// - Output:   `laplacian moment 2` … `moments` (default 8): moments about 1, the mean of the spectrum (μ_1 is 0)
/// - Scope:    ordered structures of any periodicity; the errors of `CrystalGraphBuilder` and `NetSearch`. A walk on an atom without bonds
///   stays where it is
/// - Numerics: half the steps are walked: p_(2m) = Σ_x P_m(x)² d_0/d_x and p_(2m+1) = Σ_x P_m(x) P_(m+1)(x) d_0/d_x, added up in the
///   order in which the atoms are met. Atoms of another order change the last digits
/// - Cost:     about 0.1 µs per bond within `moments`/2 bonds of each atom
/// - Source:   F. R. K. Chung, Spectral Graph Theory, American Mathematical Society (1997), chapter 1; closed walks as by
///   D. M. Cvetković, P. Rowlinson, S. Simić, An Introduction to the Theory of Graph Spectra, Cambridge University Press (2010)
public struct LaplacianSpectrumDescriptor: StructureDescriptor {
    /// `laplacian-spectrum`.
    public static let name = "laplacian-spectrum"
    /// Where it is defined.
    public static let references = [
        Citation("F. R. K. Chung, Spectral Graph Theory, American Mathematical Society (1997)"),
        Citation(
            "D. M. Cvetković, P. Rowlinson, S. Simić, An Introduction to the Theory of Graph Spectra, Cambridge University Press (2010)"),
    ]
    /// All.
    public static let invariances: Invariances = .all
    /// Molecules and layers too.
    public static let supportsOpenAxes = true

    private let builder: CrystalGraphBuilder
    private let moments: Int

    /// Reads `moments` (2 to 20) and the rule of the bonds.
    public init(settings: inout Settings) throws {
        moments = try settings.integer("moments", default: 8, in: 2...20)
        builder = CrystalGraphBuilder(try settings.graphRule())
        try settings.finish()
    }

    /// A label a moment.
    public var featureNames: [String] { (2...moments).map { "laplacian moment \($0)" } }

    /// Fills one row.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let net = try builder.net(crystal)
        var search = try NetSearch(net)
        var sums = [Double](repeating: 0, count: moments + 1)
        for i in 0..<net.nodeCount { try walk(from: i, &search, &sums) }
        for k in 2...moments {
            let mean = sums[k] / Double(net.nodeCount)
            features[k - 2] = k % 2 == 0 ? mean : -mean
        }
    }

    /// Adds the return probabilities of an atom.
    private func walk(from start: Int, _ search: inout NetSearch, _ sums: inout [Double]) throws(CandidateDefect) {
        let half = (moments + 1) / 2
        try search.explore(from: start, depth: half)
        let weights = search.nodes.map { 1 / Double(max(search.graph.edges(ofNode: Int($0)).count, 1)) }
        var now = [Double](repeating: 0, count: search.nodes.count)
        now[0] = 1
        for m in 0..<half {
            let next = Self.step(now, weights, search, reach: m)
            let before = Self.product(now, next, weights) / weights[0]
            if 2 * m + 1 <= moments { sums[2 * m + 1] += before }
            if 2 * m + 2 <= moments { sums[2 * m + 2] += Self.product(next, next, weights) / weights[0] }
            now = next
        }
    }

    /// One step of the walk; nodes further away than `reach` have nothing yet.
    private static func step(_ now: [Double], _ weights: [Double], _ search: NetSearch, reach: Int) -> [Double] {
        var next = [Double](repeating: 0, count: now.count)
        let end = reach + 1 < search.shells.count ? search.shells[reach + 1] : search.nodes.count
        for n in 0..<end where now[n] > 0 {
            let edges = search.graph.edges(ofNode: Int(search.nodes[n]))
            if edges.isEmpty { next[n] += now[n] }
            let share = now[n] * weights[n]
            for e in edges {
                let place = search.place(of: search.graph.targets[e], search.cells[n] &+ search.graph.images[e].cells)!
                next[place] += share
            }
        }
        return next
    }

    private static func product(_ u: [Double], _ v: [Double], _ weights: [Double]) -> Double {
        var sum = 0.0
        for n in u.indices { sum += u[n] * v[n] * weights[n] }
        return sum
    }
}
