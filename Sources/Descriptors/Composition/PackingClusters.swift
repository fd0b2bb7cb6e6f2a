/// Packing of hard spheres around a centre.
///
/// - Source: D. B. Miracle, E. A. Lord, S. Ranganathan, Mater. Trans. 47, 1737 (2006), doi:10.2320/matertrans.47.1737
enum PackingEfficiency {
    static let smallestShell = 3

    /// Ideal ratio of the centre's radius to its neighbours' for a number of neighbours.
    static func idealRatio(_ neighbors: Int) -> Double { AlloyTable.clusterRadiusRatio[neighbors - smallestShell] }

    /// The number of neighbours that packs best at a ratio of radii, and the efficiency error 1 − ρ(n) / ratio.
    static func best(ratio: Double) -> (neighbors: Int, error: Double) {
        var best = (neighbors: smallestShell, error: Double.infinity)
        for (index, ideal) in AlloyTable.clusterRadiusRatio.enumerated() {
            let error = 1 - ideal / ratio
            if abs(error) < abs(best.error) { best = (smallestShell + index, error) }
            if error < 0 { break }
        }
        return best
    }

    /// Errors of all elements when each is surrounded by the mean of the alloy.
    static func simultaneous(_ radii: WeightedValues) -> WeightedValues {
        let mean = radii.mean
        var errors = WeightedValues(capacity: radii.values.count)
        for (radius, weight) in zip(radii.values, radii.weights) { errors.append(best(ratio: radius / mean).error, weight: weight) }
        return errors
    }
}

/// The efficiently packed clusters of some elements that are nearest to a composition.
///
/// Shells are enumerated element by element; a branch ends when its mean radius can no longer fit or it is already too far.
struct NearestClusters {
    private let radii: [Double]
    private let fractions: [Double]
    private let offset: Double
    private let threshold = 0.01
    /// Squared distances so far, ascending.
    private var nearest: [Double]
    private var smallestLater: [Double] = []
    private var largestLater: [Double] = []

    /// - Parameters:
    ///   - radii: of the elements that build clusters
    ///   - fractions: of these elements in the composition
    ///   - count: how many clusters are wanted
    ///   - offset: sum of the squared fractions of all other elements
    init(radii: [Double], fractions: [Double], count: Int, offset: Double) {
        (self.radii, self.fractions, self.offset) = (radii, fractions, offset)
        nearest = [Double](repeating: .infinity, count: count)
        for i in radii.indices {
            smallestLater.append(radii[i...].min()!)
            largestLater.append(radii[i...].max()!)
        }
    }

    /// Distances to the nearest clusters, ascending; 1 for each that does not exist.
    mutating func distances() -> [Double] {
        let (low, high) = (radii.min()!, radii.max()!)
        let sizes = PackingEfficiency.best(ratio: low / high).neighbors...PackingEfficiency.best(ratio: high / low).neighbors
        for size in sizes {
            for center in radii.indices { addShells(around: center, size: size) }
        }
        return nearest.map { $0.isFinite ? $0.squareRoot() : 1 }
    }

    private mutating func addShells(around center: Int, size: Int) {
        let shell = Shell(
            center: center, size: size, scale: PackingEfficiency.idealRatio(size) / radii[center] / Double(size),
            perAtom: 1 / Double(size + 1))
        extend(shell, element: 0, left: size, radiusSum: 0, distance: offset)
    }

    /// What stays the same while a shell is filled.
    private struct Shell {
        let center: Int
        let size: Int
        /// Turns a sum of neighbour radii into ρ(n) r̄ / r.
        let scale: Double
        let perAtom: Double
    }

    private mutating func extend(_ shell: Shell, element: Int, left: Int, radiusSum: Double, distance: Double) {
        // A little slack, as the exact test comes last.
        let slack = 1e-9
        if (radiusSum + Double(left) * smallestLater[element]) * shell.scale > 1 + threshold + slack { return }
        if (radiusSum + Double(left) * largestLater[element]) * shell.scale < 1 - threshold - slack { return }
        let isLast = element == radii.count - 1
        for count in (isLast ? left : 0)...left {
            let atoms = Double(count + (element == shell.center ? 1 : 0))
            let step = atoms * shell.perAtom - fractions[element]
            let further = distance + step * step
            if further >= nearest.last! { continue }
            let sum = radiusSum + Double(count) * radii[element]
            if isLast {
                if abs(1 - sum * shell.scale) < threshold { insert(further) }
            } else {
                extend(shell, element: element + 1, left: left - count, radiusSum: sum, distance: further)
            }
        }
    }

    private mutating func insert(_ distance: Double) {
        let place = nearest.firstIndex { distance < $0 } ?? nearest.count
        nearest.insert(distance, at: place)
        nearest.removeLast()
    }
}
