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
                standardization: FeatureStandardization(means: try numbers("means", columns), factors: try numbers("factors", columns)),
                directions: try numbers("directions", columns * ClusteredSpace.width), directionCount: directions,
                centers: try numbers("centers", clusters * directions), scales: scales, restScale: edge[1]),
            threshold: edge[0] < 0 ? .infinity : edge[0])
    }

    /// The parameters, enough to make it again; an edge of -1 judges nothing.
    public var parameters: ParameterArchive {
        let (columns, count) = (featureCount, space.scales.count)
        return ParameterArchive([
            "sizes": .integers([Int64(featureCount), Int64(space.directionCount), Int64(count)], shape: [3]),
            "means": .doubles(space.standardization.means, shape: [columns]),
            "factors": .doubles(space.standardization.factors, shape: [columns]),
            "directions": .doubles(space.directions, shape: [columns, ClusteredSpace.width]),
            "centers": .doubles(space.centers, shape: [count, space.directionCount]),
            "scales": .doubles(space.scales, shape: [count]),
            "edge": .doubles([threshold.isFinite ? threshold : -1, space.restScale], shape: [2]),
        ])
    }
}
