import LinearAlgebra
import MaterialsCore

/// Features made of the targets of the nearest training rows: what polymorphs and relatives are known to have.
///
/// Of the 8 nearest rows in a `NeighbourSpace`: mean weighted by 1/(d² + ε), the nearest one's target, least, deviation, and the
/// distances of the nearest and the last. A training row does not count as its own neighbour.
///
/// - Numerics: distances in single precision by row-invariant products; of equal distances the lower row is nearer
/// - Cost:     rows × training rows × dimensions; the training rows' coordinates are kept
struct NeighbourTargets: Sendable {
    private static let ownNames = ["mean", "nearest", "least", "deviation", "first distance", "last distance"].map { "neighbours' " + $0 }
    /// Labels of the features.
    var names: [String] { Self.ownNames + (relatives == nil ? [] : RelativeTargets.names) }
    /// Of more rows, a seeded part is known.
    static let mostKnownRows = 200_000
    private static let count = 8
    private static let blockRows = 16

    let space: NeighbourSpace
    /// nil where the table does not tell what the rows are made of.
    let relatives: RelativeTargets?
    let targets: [Double]
    private let coordinates: [Float]
    private let packed: PackedFloatMatrix
    private let halfNorms: [Float]
    /// Mean squared distance to the nearest, so that weights do not depend on the scale.
    private let softness: Double

    init(space: NeighbourSpace, relatives: RelativeTargets?, targets: [Double], coordinates: [Float], softness: Double) {
        (self.space, self.relatives, self.targets) = (space, relatives, targets)
        (self.coordinates, self.softness) = (coordinates, softness)
        let dimensions = space.dimensions
        packed = PackedFloatMatrix(transposing: coordinates.span, rows: dimensions, columns: targets.count)
        halfNorms = targets.indices.map { row in
            coordinates[row * dimensions..<(row + 1) * dimensions].reduce(0) { $0 + $1 * $1 } / 2
        }
    }

    /// The space and the training rows in it, and their features with each row left out of its own neighbours; nil where no column varies.
    static func fit(_ data: TrainingData, _ context: TrainingContext) throws -> (NeighbourTargets, features: FeatureMatrix)? {
        let space = try NeighbourSpace(data, seed: context.seed)
        guard space.dimensions > 0, data.targets.count > 1 else { return nil }
        var random = SplitMix64(seed: context.seed ^ 0x6b_6e_6f_77)
        let known = random.permutation(data.targets.count).prefix(mostKnownRows).sorted()
        let coordinates = space.coordinates(data.features)
        let dimensions = space.dimensions
        let isWhole = known.count == data.targets.count
        let raw = NeighbourTargets(
            space: space, relatives: RelativeTargets(data), targets: known.map { data.targets[$0] },
            coordinates: isWhole ? coordinates : known.flatMap { coordinates[$0 * dimensions..<($0 + 1) * dimensions] }, softness: 1)
        var own = [Int](repeating: -1, count: data.targets.count)
        for (place, row) in known.enumerated() { own[row] = place }
        let all = raw.nearest(coordinates, own: own, threads: context.threads, isCancelled: context.isCancelled)
        if context.isCancelled() { throw MatSieveError.stopped("stack: stopped while looking for neighbours; start it again") }
        var sum = 0.0
        for row in data.targets.indices { sum += Double(all.distances[row * count]) }
        let mean = sum / Double(data.targets.count)
        let made = NeighbourTargets(
            space: space, relatives: raw.relatives, targets: raw.targets, coordinates: raw.coordinates,
            softness: mean.isFinite ? max(mean * 0.1, 1e-12) : 1)
        let near = made.features(all, rows: data.targets.count)
        let related = made.relatives?.features(data.features, areOwn: true, threads: context.threads)
        return (made, related.map { near.appending($0) } ?? near)
    }

    /// Features of rows that were not trained on.
    func features(_ features: FeatureMatrix) -> FeatureMatrix {
        let found = nearest(space.coordinates(features), own: nil, threads: 1, isCancelled: { false })
        let near = self.features(found, rows: features.rows)
        return relatives.map { near.appending($0.features(features, areOwn: false)) } ?? near
    }

    private struct Found {
        /// Squared distances, ascending, `count` a row; infinite where there are fewer rows.
        var distances: [Float]
        var rows: [Int32]
    }

    private func features(_ found: Found, rows: Int) -> FeatureMatrix {
        var result = FeatureMatrix(rows: rows, columns: Self.ownNames.count)
        for row in 0..<rows {
            let first = row * Self.count
            let known = (first..<first + Self.count).filter { found.rows[$0] >= 0 }
            guard let nearest = known.first, let last = known.last else {
                for c in 0..<result.columns { result[row, c] = .nan }
                continue
            }
            var (sum, weights, least, plain) = (0.0, 0.0, Double.infinity, 0.0)
            for i in known {
                let (y, w) = (targets[Int(found.rows[i])], 1 / (Double(found.distances[i]) + softness))
                (sum, weights, least, plain) = (sum + w * y, weights + w, min(least, y), plain + y)
            }
            let mean = plain / Double(known.count)
            var squares = 0.0
            for i in known { squares += (targets[Int(found.rows[i])] - mean) * (targets[Int(found.rows[i])] - mean) }
            let values = [
                sum / weights, targets[Int(found.rows[nearest])], least, (squares / Double(known.count)).squareRoot(),
                Double(found.distances[nearest]).squareRoot(), Double(found.distances[last]).squareRoot(),
            ]
            for (c, v) in values.enumerated() { result[row, c] = v }
        }
        return result
    }

    /// The nearest known rows; `own` is the known row that each point is itself, -1 or nil for none.
    private func nearest(_ points: [Float], own: [Int]?, threads: Int, isCancelled: @Sendable () -> Bool) -> Found {
        let rows = points.count / space.dimensions
        let distances = SharedBuffer<Float>(count: rows * Self.count, repeating: .infinity)
        let neighbours = SharedBuffer<Int32>(count: rows * Self.count, repeating: -1)
        let blocks = (rows + Self.blockRows - 1) / Self.blockRows
        parallelLoop(blocks, threads: threads) { block in
            guard !isCancelled() else { return }
            let first = block * Self.blockRows
            let last = min(first + Self.blockRows, rows)
            search(points, first..<last, own, distances.pointer, neighbours.pointer)
        }
        return Found(
            distances: Array(UnsafeBufferPointer(start: distances.pointer, count: rows * Self.count)),
            rows: Array(UnsafeBufferPointer(start: neighbours.pointer, count: rows * Self.count)))
    }

    /// Writes `count` distances and rows for each point of a block; blocks are disjoint.
    private func search(
        _ points: [Float], _ block: Range<Int>, _ ownRows: [Int]?, _ distances: UnsafeMutablePointer<Float>,
        _ neighbours: UnsafeMutablePointer<Int32>
    ) {
        let (dimensions, known) = (space.dimensions, targets.count)
        var products = [Float](repeating: 0, count: block.count * known)
        var span = products.mutableSpan
        rowInvariantProduct(
            points.span.extracting(block.lowerBound * dimensions..<block.upperBound * dimensions), packed, into: &span, rows: block.count)
        for (i, row) in block.enumerated() {
            var norm: Float = 0
            for d in 0..<dimensions { norm += points[row * dimensions + d] * points[row * dimensions + d] }
            let own = ownRows?[row] ?? -1
            let (d, n) = (distances + row * Self.count, neighbours + row * Self.count)
            var worst = Float.infinity
            for j in 0..<known {
                let half = halfNorms[j] - products[i * known + j]
                guard half < worst, j != own else { continue }
                Self.insert(half, Int32(j), d, n)
                worst = d[Self.count - 1]
            }
            for k in 0..<Self.count { d[k] = max(0, 2 * d[k] + norm) }
        }
    }

    private static func insert(_ value: Float, _ row: Int32, _ d: UnsafeMutablePointer<Float>, _ n: UnsafeMutablePointer<Int32>) {
        var place = count - 1
        while place > 0, value < d[place - 1] {
            (d[place], n[place]) = (d[place - 1], n[place - 1])
            place -= 1
        }
        (d[place], n[place]) = (value, row)
    }

    // MARK: Archive

    /// The parameters, enough to make it again.
    var archive: ParameterArchive {
        var archive = ParameterArchive([
            "targets": .doubles(targets, shape: [targets.count]), "softness": .doubles([softness], shape: [1]),
            "coordinates": .doubles(coordinates.map { Double($0) }, shape: [targets.count, space.dimensions]),
            "directions": .doubles(space.directions.values, shape: [space.directions.rows, space.directions.columns]),
            "dimensions": .integers([Int64(space.dimensions)], shape: [1]),
        ])
        archive.merge(space.scaling.archive, under: "scaling")
        if let relatives { archive.merge(relatives.archive, under: "relatives") }
        return archive
    }

    /// - Throws: `MatSieveError.input` where the parameters are damaged.
    init(archive: ParameterArchive) throws {
        let damaged = MatSieveError.input("model file: the neighbours of a member of the stack are damaged; train it anew")
        let scaling = try ColumnScaling(archive: archive.group("scaling"))
        let dimensions = try archive.integer("dimensions")
        guard dimensions > 0, dimensions <= scaling.kept.count else { throw damaged }
        let targets = try archive.doubles("targets")
        let (cells, overflow) = targets.count.multipliedReportingOverflow(by: dimensions)
        guard !overflow, targets.count > 0, targets.count < Int(Int32.max) else { throw damaged }
        let coordinates = try archive.doubles("coordinates", count: cells)
        let directions = try archive.doubles("directions", count: scaling.kept.count * dimensions)
        let softness = try archive.double("softness")
        guard [targets, coordinates, directions, [softness]].allSatisfy({ $0.allSatisfy(\.isFinite) }), softness > 0 else { throw damaged }
        let related = archive.group("relatives")
        self.init(
            space: NeighbourSpace(
                scaling: scaling, directions: Matrix(rows: scaling.kept.count, columns: dimensions, values: directions)),
            relatives: related.entries.isEmpty ? nil : try RelativeTargets(archive: related, columns: scaling.sourceColumns),
            targets: targets, coordinates: coordinates.map { Float($0) }, softness: softness)
    }
}
