import MaterialsCore

/// Bond-orientational order of the sites after Steinhardt: q_l, and ŵ_l on request.
///
///     q_lm = Σ w_j Y_lm(r_j) / Σ w_j      q_l = √(4π/(2l+1) Σ_m |q_lm|²)      ŵ_l = Σ (l l l; m₁ m₂ m₃) q_lm₁ q_lm₂ q_lm₃ / (Σ_m |q_lm|²)^(3/2)
///
/// - Input:    bonds by `neighbors` (default `voronoi`, weighted with solid angles; `nearest`, `cutoff`, `minimum-distance`); `degrees` l
///   (default 2, 4, 6, 8, 10, 12; odd ones too, up to 16); `third_order` (default true) adds ŵ_l of the even degrees; `average` (default
///   false) averages q_lm over the site and its bonded neighbours first
/// - Output:   for each degree `q4` mean, std, min, max over the sites, then `w4` likewise. Sites without bonds are left out (NaN where
///   none has any)
/// - Scope:    ordered structures that repeat along all axes
/// - Numerics: sums over bonds by atom, then offset; ŵ_l is 0 where q_l is below 10⁻⁶ (it has no limit there), and 0 for odd l always.
///   Bonds enter with their weights also where these are not solid angles: 1 for `nearest` and `cutoff`. Equals matminer's
///   BondOrientationalParameter (Voronoi) and freud's Steinhardt (nearest, cutoff, averages) to 10⁻⁶ and 10⁻⁵
/// - Cost:     about 0.1 µs a bond and degree, 2 to 10 µs a site and ŵ_l
/// - Source:   P. J. Steinhardt, D. R. Nelson, M. Ronchetti, Phys. Rev. B 28, 784 (1983), doi:10.1103/PhysRevB.28.784; W. Mickel et al.,
///   J. Chem. Phys. 138, 044501 (2013), doi:10.1063/1.4774084 (solid angles); W. Lechner, C. Dellago, J. Chem. Phys. 129, 114707 (2008),
///   doi:10.1063/1.2977970 (averages)
public struct SteinhardtDescriptor: StructureDescriptor {
    /// `steinhardt`.
    public static let name = "steinhardt"
    /// The parameters, their weights and averages.
    public static let references = [
        Citation("P. J. Steinhardt, D. R. Nelson, M. Ronchetti, Phys. Rev. B 28, 784 (1983)", doi: "10.1103/PhysRevB.28.784"),
        Citation("W. Mickel, S. C. Kapfer, G. E. Schröder-Turk, K. Mecke, J. Chem. Phys. 138, 044501 (2013)", doi: "10.1063/1.4774084"),
        Citation("W. Lechner, C. Dellago, J. Chem. Phys. 129, 114707 (2008)", doi: "10.1063/1.2977970"),
    ]
    /// All: of the third-order ones a mirror would turn the odd ones, which vanish.
    public static let invariances = Invariances.all

    private let rule: NeighborRule
    private let orders: [BondOrder]
    private let hasThirdOrder: Bool
    private let averages: Bool

    /// Reads `neighbors` with its setting, `degrees`, `third_order` and `average`.
    public init(settings: inout Settings) throws {
        rule = try NeighborRule(settings: &settings, default: .voronoi)
        let degrees =
            try settings.list("degrees")?.map { setting in
                guard case .number(let l) = setting.value, let degree = Int(exactly: l), (1...16).contains(degree) else {
                    throw Settings.error(setting.line, "'degrees' of \(settings.subject) must be whole numbers from 1 to 16")
                }
                return degree
            } ?? [2, 4, 6, 8, 10, 12]
        guard !degrees.isEmpty, Set(degrees).count == degrees.count else {
            throw Settings.error(settings.line(of: "degrees"), "'degrees' of \(settings.subject) needs one or more different numbers")
        }
        orders = degrees.map { BondOrder(degree: $0) }
        hasThirdOrder = try settings.boolean("third_order", default: true)
        averages = try settings.boolean("average", default: false)
        try settings.finish()
    }

    /// `q2 mean`, …, `w2 mean`, …, degree by degree.
    public var featureNames: [String] {
        orders.flatMap { order in
            (hasThirdOrder(order) ? ["q\(order.degree)", "w\(order.degree)"] : ["q\(order.degree)"]).flatMap { quantity in
                SiteStatistics.names.map { "\(quantity) \($0)" }
            }
        }
    }

    private func hasThirdOrder(_ order: BondOrder) -> Bool { hasThirdOrder && order.degree % 2 == 0 }

    /// Describes the sites, degree by degree.
    public func describe(_ crystal: CrystalStructure, into features: inout MutableSpan<Double>) throws(CandidateDefect) {
        let bonds = try rule.bonds(of: crystal)
        var column = 0
        for order in orders {
            let sums = averages ? averaged(siteSums(order, bonds), order, bonds) : siteSums(order, bonds)
            let width = 2 * (order.degree + 1)
            var (second, third): ([Double], [Double]) = ([], [])
            for atom in 0..<bonds.atomCount where !bonds.range(of: atom).isEmpty {
                let norm = order.squaredNorm(sums, at: atom * width)
                second.append(order.rootMeanSquare(norm))
                if hasThirdOrder(order) { third.append(order.thirdOrder(sums, at: atom * width, norm)) }
            }
            SiteStatistics.write(second, column, into: &features)
            column += 4
            if hasThirdOrder(order) {
                SiteStatistics.write(third, column, into: &features)
                column += 4
            }
        }
    }

    /// q_lm of every site.
    private func siteSums(_ order: BondOrder, _ bonds: Bonds) -> [Double] {
        let width = 2 * (order.degree + 1)
        var sums = [Double](repeating: 0, count: width * bonds.atomCount)
        for atom in 0..<bonds.atomCount {
            var total = 0.0
            for p in bonds.range(of: atom) {
                order.add(bonds.directions[p], bonds.weights[p], to: &sums, at: atom * width)
                total += bonds.weights[p]
            }
            if total > 0 { for k in atom * width..<(atom + 1) * width { sums[k] /= total } }
        }
        return sums
    }

    /// Mean of q_lm over each site and its bonded neighbours.
    private func averaged(_ sums: [Double], _ order: BondOrder, _ bonds: Bonds) -> [Double] {
        let width = 2 * (order.degree + 1)
        var means = sums
        for atom in 0..<bonds.atomCount {
            for p in bonds.range(of: atom) {
                let other = Int(bonds.neighbors[p]) * width
                for k in 0..<width { means[atom * width + k] += sums[other + k] }
            }
            let count = Double(bonds.range(of: atom).count + 1)
            for k in 0..<width { means[atom * width + k] /= count }
        }
        return means
    }
}
