import LinearAlgebra
import MaterialsCore

/// Features made of the targets of training rows of the same formula (polymorphs) and of the same prototype (isotypic compounds).
///
/// A prototype is the amounts of the elements, whatever they are, with the space group and the number of atoms where the table tells
/// them. Within one, elements play roles, in the order of amount and electronegativity, and two compounds are as far apart as the
/// elements in equal roles:
///
///     d² = Σ_roles fraction · |e - e'|²,   e = (electronegativity / 0.6, group / 5, period / 1.5)
///
/// Of the formula: how many rows, their mean and least target, and that of the one most like in space group and atoms. Of the
/// prototype: how many rows, of the 6 nearest the mean weighted by 1/(d² + 0.02), the nearest one's target, deviation, its distance.
/// A training row is no relative of itself; where there are none, features are missing.
///
/// - Numerics: sums in the order of the training rows; of equal distances the lower row is nearer
/// - Cost:     rows × rows of the same prototype
struct RelativeTargets: Sendable {
    static let names =
        ["count", "mean", "least", "nearest"].map { "same formula's " + $0 }
        + ["count", "mean", "nearest", "deviation", "distance"].map { "same prototype's " + $0 }
    private static let nearest = 6
    private static let softness: Float = 0.02

    /// Where a feature matrix tells what a row is made of.
    struct Places: Equatable, Sendable {
        /// Column of each element's fraction, and the element's number.
        var fractions: [Int]
        var elements: [Int]
        /// -1 where there is none.
        var spaceGroup: Int
        var atoms: Int

        /// nil where the table has no fractions of elements.
        init?(_ data: TrainingData) {
            guard let group = data.groups.first(where: { $0.name == "element-fraction" }) else { return nil }
            let found = group.columns.compactMap { c in Element(symbol: data.featureNames[c]).map { (c, Int($0.atomicNumber)) } }
            guard found.count > 1 else { return nil }
            (fractions, elements) = (found.map(\.0), found.map(\.1))
            spaceGroup = data.featureNames.firstIndex(of: "space group number") ?? -1
            atoms = data.featureNames.firstIndex(of: "atoms in formula") ?? -1
        }

        init(fractions: [Int], elements: [Int], spaceGroup: Int, atoms: Int) {
            (self.fractions, self.elements, self.spaceGroup, self.atoms) = (fractions, elements, spaceGroup, atoms)
        }
    }

    /// What rows are made of.
    struct Kinds: Sendable {
        var formulas: [UInt64] = []
        var prototypes: [UInt64] = []
        var spaceGroups: [Float] = []
        /// Logarithms of the numbers of atoms.
        var sizes: [Float] = []
        /// Row r has numbers `offsets[r]..<offsets[r + 1]` of `roles`.
        var offsets: [Int] = [0]
        var roles: [Float] = []
    }

    let places: Places
    let kinds: Kinds
    let targets: [Double]
    private let byFormula: [UInt64: [Int]]
    private let byPrototype: [UInt64: [Int]]

    init(places: Places, kinds: Kinds, targets: [Double]) {
        (self.places, self.kinds, self.targets) = (places, kinds, targets)
        byFormula = Dictionary(grouping: kinds.formulas.indices) { kinds.formulas[$0] }
        byPrototype = Dictionary(grouping: kinds.prototypes.indices) { kinds.prototypes[$0] }
    }

    /// The relatives among rows that were trained on; nil where the table does not tell what they are made of.
    init?(_ data: TrainingData) {
        guard let places = Places(data) else { return nil }
        self.init(places: places, kinds: Self.kinds(data.features, places), targets: data.targets)
    }

    /// Features of rows; `areOwn` where they are the training rows themselves.
    func features(_ features: FeatureMatrix, areOwn: Bool, threads: Int = 1) -> FeatureMatrix {
        let asked = areOwn ? kinds : Self.kinds(features, places)
        let width = Self.names.count
        let values = SharedBuffer<Double>(count: features.rows * width, repeating: .nan)
        parallelLoop((features.rows + 255) / 256, threads: threads) { block in
            for row in block * 256..<min(block * 256 + 256, features.rows) {
                let own = areOwn ? row : -1
                let found = ofFormula(asked, row, own) + ofPrototype(asked, row, own)
                for c in 0..<width { values.pointer[row * width + c] = found[c] }
            }
        }
        return FeatureMatrix(
            rows: features.rows, columns: width,
            values: Array(UnsafeBufferPointer(start: values.pointer, count: features.rows * width)))
    }

    private func ofFormula(_ asked: Kinds, _ row: Int, _ own: Int) -> [Double] {
        var (count, sum, least) = (0.0, 0.0, Double.infinity)
        var best: (distance: Float, target: Double) = (.infinity, .nan)
        for i in byFormula[asked.formulas[row]] ?? [] where i != own {
            count += 1
            sum += targets[i]
            least = min(least, targets[i])
            let apart = (asked.sizes[row] - kinds.sizes[i]).magnitude + (asked.spaceGroups[row] == kinds.spaceGroups[i] ? 0 : 1)
            if apart < best.distance { best = (apart, targets[i]) }
        }
        return count > 0 ? [count, sum / count, least, best.target] : [0, .nan, .nan, .nan]
    }

    private func ofPrototype(_ asked: Kinds, _ row: Int, _ own: Int) -> [Double] {
        let members = byPrototype[asked.prototypes[row]] ?? []
        let width = asked.offsets[row + 1] - asked.offsets[row]
        var distances = [Float](repeating: .infinity, count: Self.nearest)
        var rows = [Int](repeating: -1, count: Self.nearest)
        var count = 0.0
        for i in members where i != own && kinds.offsets[i + 1] - kinds.offsets[i] == width {
            count += 1
            var distance: Float = 0
            for k in 0..<width {
                let apart = asked.roles[asked.offsets[row] + k] - kinds.roles[kinds.offsets[i] + k]
                distance += apart * apart
            }
            guard distance < distances[Self.nearest - 1] else { continue }
            var place = Self.nearest - 1
            while place > 0, distance < distances[place - 1] {
                (distances[place], rows[place]) = (distances[place - 1], rows[place - 1])
                place -= 1
            }
            (distances[place], rows[place]) = (distance, i)
        }
        let known = rows.indices.filter { rows[$0] >= 0 }
        guard !known.isEmpty else { return [0, .nan, .nan, .nan, .nan] }
        var (sum, weights, plain) = (0.0, 0.0, 0.0)
        for k in known {
            let weight = Double(1 / (distances[k] + Self.softness))
            (sum, weights, plain) = (sum + weight * targets[rows[k]], weights + weight, plain + targets[rows[k]])
        }
        let mean = plain / Double(known.count)
        let squares = known.reduce(0.0) { $0 + (targets[rows[$1]] - mean) * (targets[rows[$1]] - mean) }
        return [
            PortableMath.log(1 + count), sum / weights, targets[rows[0]], (squares / Double(known.count)).squareRoot(),
            Double(distances[0].squareRoot()),
        ]
    }

    // MARK: What a row is made of

    private static func kinds(_ features: FeatureMatrix, _ places: Places) -> Kinds {
        var kinds = Kinds()
        var parts: [(share: Int, negativity: Double, element: Int, fraction: Double)] = []
        for row in 0..<features.rows {
            parts.removeAll(keepingCapacity: true)
            for (c, z) in zip(places.fractions, places.elements) where features[row, c] > 0 && features[row, c] <= 1 {
                let fraction = features[row, c]
                let negativity = Element(atomicNumber: z)!.electronegativity
                parts.append((Int((fraction * 1e5).rounded()), negativity.isFinite ? negativity : 1.5, z, fraction))
            }
            parts.sort { ($0.share, $0.negativity, $0.element) < ($1.share, $1.negativity, $1.element) }
            let group = places.spaceGroup < 0 ? 0 : features[row, places.spaceGroup]
            let atoms = places.atoms < 0 ? 1 : features[row, places.atoms]
            var (formula, prototype) = (UInt64(parts.count), UInt64(parts.count))
            for p in parts {
                formula = SplitMix64.hash(formula ^ UInt64(p.share) << 8 ^ UInt64(p.element))
                prototype = SplitMix64.hash(prototype ^ UInt64(p.share))
                let weight = Float(p.fraction.squareRoot())
                let element = Element(atomicNumber: p.element)!
                kinds.roles += [
                    weight * Float(p.negativity / 0.6), weight * Float(element.group) / 5, weight * Float(element.row) / 1.5,
                ]
            }
            prototype = SplitMix64.hash(prototype ^ (group.isFinite ? group : -1).bitPattern)
            prototype = SplitMix64.hash(prototype ^ (atoms.isFinite ? atoms : -1).bitPattern)
            kinds.formulas.append(formula)
            kinds.prototypes.append(prototype)
            kinds.spaceGroups.append(group.isFinite ? Float(group) : -1)
            kinds.sizes.append(atoms.isFinite && atoms > 0 ? Float(PortableMath.log(atoms)) : 0)
            kinds.offsets.append(kinds.roles.count)
        }
        return kinds
    }
}

extension RelativeTargets {
    /// The parameters, enough to make it again.
    var archive: ParameterArchive {
        func integers(_ values: [Int]) -> ParameterArchive.Entry { .integers(values.map { Int64($0) }, shape: [values.count]) }
        func floats(_ values: [Float]) -> ParameterArchive.Entry { .doubles(values.map { Double($0) }, shape: [values.count]) }
        func keys(_ values: [UInt64]) -> ParameterArchive.Entry { .integers(values.map { Int64(bitPattern: $0) }, shape: [values.count]) }
        return ParameterArchive([
            "fractions": integers(places.fractions), "elements": integers(places.elements),
            "columns": integers([places.spaceGroup, places.atoms]), "formulas": keys(kinds.formulas), "prototypes": keys(kinds.prototypes),
            "space_groups": floats(kinds.spaceGroups), "sizes": floats(kinds.sizes), "offsets": integers(kinds.offsets),
            "roles": floats(kinds.roles), "targets": .doubles(targets, shape: [targets.count]),
        ])
    }

    /// - Throws: `MatSieveError.input` where the parameters are damaged.
    init(archive: ParameterArchive, columns: Int) throws {
        let damaged = MatSieveError.input("model file: the relatives of a member of the stack are damaged; train it anew")
        func places(_ name: String, in range: ClosedRange<Int>) throws -> [Int] {
            let values = try archive.integers(name).map { Int($0) }
            guard values.allSatisfy({ range.contains($0) }) else { throw damaged }
            return values
        }
        func floats(_ name: String, count: Int) throws -> [Float] {
            let values = try archive.doubles(name, count: count).map { Float($0) }
            guard values.allSatisfy(\.isFinite) else { throw damaged }
            return values
        }
        let (fractions, elements) = (try places("fractions", in: 0...max(columns - 1, 0)), try places("elements", in: 1...118))
        let others = try places("columns", in: -1...max(columns - 1, 0))
        let targets = try archive.doubles("targets")
        let offsets = try archive.integers("offsets", count: targets.count + 1).map { Int($0) }
        guard fractions.count == elements.count, others.count == 2, targets.allSatisfy(\.isFinite), offsets[0] == 0,
            zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 })
        else { throw damaged }
        var kinds = Kinds()
        kinds.formulas = try archive.integers("formulas", count: targets.count).map { UInt64(bitPattern: $0) }
        kinds.prototypes = try archive.integers("prototypes", count: targets.count).map { UInt64(bitPattern: $0) }
        kinds.spaceGroups = try floats("space_groups", count: targets.count)
        kinds.sizes = try floats("sizes", count: targets.count)
        kinds.offsets = offsets
        kinds.roles = try floats("roles", count: offsets.last!)
        self.init(
            places: Places(fractions: fractions, elements: elements, spaceGroup: others[0], atoms: others[1]), kinds: kinds,
            targets: targets)
    }
}
