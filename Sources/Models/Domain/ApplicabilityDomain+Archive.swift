import MaterialsCore

extension ApplicabilityDomain {
    /// A domain from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws {
        func damaged(_ name: String) -> MatSieveError {
            .input("model file: the applicability domain's '\(name)' is damaged; train it anew")
        }
        let sizes = try parameters.integers("sizes", count: 3)
        guard sizes[0] >= 0, sizes[0] < 1 << 31, (0...Int64(ClusteredSpace.mostDirections)).contains(sizes[1]),
            (0...Int64(ClusteredSpace.mostClusters)).contains(sizes[2])
        else { throw damaged("sizes") }
        let (columns, directions, clusters) = (Int(sizes[0]), Int(sizes[1]), Int(sizes[2]))
        let kept = try parameters.integers("kept")
        guard kept.allSatisfy({ $0 >= 0 && $0 < columns }), zip(kept, kept.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw damaged("kept")
        }
        func numbers(_ name: String, _ count: Int) throws -> [Double] {
            let found = try parameters.doubles(name, count: count)
            guard found.allSatisfy(\.isFinite) else { throw damaged(name) }
            return found
        }
        let edge = try numbers("edge", 2)
        let scales = try numbers("scales", clusters)
        guard edge[0] != 0, edge[1] >= 0, scales.allSatisfy({ $0 > 0 }), clusters > 0 || edge[0] < 0 else { throw damaged("edge") }
        self.init(
            space: ClusteredSpace(
                standardization: FeatureStandardization(
                    sourceColumns: columns, kept: kept.map { Int($0) }, means: try numbers("means", kept.count),
                    factors: try numbers("factors", kept.count)),
                directions: try numbers("directions", kept.count * ClusteredSpace.width), directionCount: directions,
                centers: try numbers("centers", clusters * directions), scales: scales, restScale: edge[1]),
            threshold: edge[0] < 0 ? .infinity : edge[0])
    }

    /// The parameters, enough to make it again; an edge of -1 judges nothing.
    public var parameters: ParameterArchive {
        let (kept, count) = (space.standardization.kept, space.scales.count)
        return ParameterArchive([
            "sizes": .integers([Int64(featureCount), Int64(space.directionCount), Int64(count)], shape: [3]),
            "kept": .integers(kept.map { Int64($0) }, shape: [kept.count]),
            "means": .doubles(space.standardization.means, shape: [kept.count]),
            "factors": .doubles(space.standardization.factors, shape: [kept.count]),
            "directions": .doubles(space.directions, shape: [kept.count, ClusteredSpace.width]),
            "centers": .doubles(space.centers, shape: [count, space.directionCount]),
            "scales": .doubles(space.scales, shape: [count]),
            "edge": .doubles([threshold.isFinite ? threshold : -1, space.restScale], shape: [2]),
        ])
    }
}
