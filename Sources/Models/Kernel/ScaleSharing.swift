import MaterialsCore

/// Which features have a length scale of their own: the setting `length_scales`.
enum LengthScales: String, CaseIterable, Sendable {
    /// All features share one.
    case one
    /// Each feature has its own.
    case each
    /// Each descriptor has one; the fractions of elements, and the features of small descriptors, have one each.
    case groups
}

/// Features that share length scales.
enum ScaleSharing: Equatable, Sendable {
    /// All share one.
    case all
    /// None shares.
    case none
    case groups(ScaleGroups)

    var groups: ScaleGroups? { if case .groups(let g) = self { g } else { nil } }

    init(_ lengths: LengthScales, _ data: TrainingData, _ scaling: ColumnScaling) {
        switch lengths {
        case .one: self = .all
        case .each: self = .none
        case .groups: self = .groups(ScaleGroups(data, scaling))
        }
    }
}

/// Groups of features, with the length scales at which each group counts the same.
struct ScaleGroups: Equatable, Sendable {
    private static let largestSplit = 24
    /// Of a single feature.
    private static let typicalLength = 3.3
    /// Features of a group that count as much as one feature with a length scale of its own.
    private static let equivalent = 20.0

    /// Group of each scaled feature.
    private(set) var scaleOf: [Int] = []
    /// One a group.
    private(set) var typical: [Double] = []

    init(_ data: TrainingData, _ scaling: ColumnScaling) {
        let whole = [FeatureGroup(name: "features", columns: 0..<data.features.columns)]
        scaleOf = [Int](repeating: 0, count: scaling.kept.count)
        for group in data.groups.isEmpty ? whole : data.groups {
            let members = scaling.kept.indices.filter { group.columns.contains(scaling.kept[$0]) }
            let split = members.count <= Self.largestSplit
            let single = members.filter { split || scaling.isRoot[$0] }
            let shared = members.filter { !(split || scaling.isRoot[$0]) }
            for j in single {
                scaleOf[j] = typical.count
                typical.append(Self.typicalLength)
            }
            for j in shared { scaleOf[j] = typical.count }
            if !shared.isEmpty { typical.append(Self.typicalLength * max(1, Double(shared.count) / Self.equivalent).squareRoot()) }
        }
        if typical.isEmpty { typical = [Self.typicalLength] }
    }
}
