/// Volumes that sets of points dominate up to a reference point, all objectives minimised.
struct Hypervolume {
    let reference: [Double]

    private var dimension: Int { reference.count }

    /// What each point alone adds to the volume of all.
    func contributions(_ points: [[Double]]) -> [Double] {
        if dimension == 2 { return contributionsInPlane(points) }
        let inside = points.indices.filter { isInside(points[$0]) }
        var result = [Double](repeating: 0, count: points.count)
        for i in inside {
            let others = inside.filter { $0 != i }.map { limited(points[$0], to: points[i]) }
            result[i] = max(0, box(points[i]) - volume(nonDominated(others)))
        }
        return result
    }

    /// The volume that points dominate.
    func volume(of points: [[Double]]) -> Double { volume(nonDominated(points.filter(isInside))) }

    private func isInside(_ p: [Double]) -> Bool { zip(p, reference).allSatisfy { $0 < $1 } }

    private func box(_ p: [Double]) -> Double {
        var product = 1.0
        for k in p.indices { product *= reference[k] - p[k] }
        return product
    }

    /// The corner of what both points dominate.
    private func limited(_ p: [Double], to other: [Double]) -> [Double] {
        var corner = p
        for k in p.indices { corner[k] = max(p[k], other[k]) }
        return corner
    }

    /// Points of a set that no other one equals or dominates, the best last objective first.
    private func nonDominated(_ points: [[Double]]) -> [[Double]] {
        let order = points.sorted { a, b in
            for k in a.indices.reversed() where a[k] != b[k] { return a[k] < b[k] }
            return false
        }
        var kept: [[Double]] = []
        for p in order where !kept.contains(where: { isNowhereGreater($0, p) }) { kept.append(p) }
        return kept
    }

    private func isNowhereGreater(_ a: [Double], _ b: [Double]) -> Bool {
        for k in a.indices where a[k] > b[k] { return false }
        return true
    }

    /// The volume of points as `nonDominated` leaves them: each adds its box without what it shares with those before it.
    private func volume(_ points: [[Double]]) -> Double {
        if points.isEmpty { return 0 }
        if dimension == 3 { return swept(points) }
        var sum = 0.0
        // All that a point shares with those before it has its last objective.
        for i in points.indices {
            let shared = points[..<i].map { limited($0, to: points[i]) }
            sum += max(0, box(points[i]) - sliced(shared, last: points[i][dimension - 1]))
        }
        return sum
    }

    /// Volume of points that share their last objective, by one dimension less.
    private func sliced(_ points: [[Double]], last: Double) -> Double {
        if points.isEmpty { return 0 }
        let lower = Hypervolume(reference: Array(reference.dropLast()))
        return lower.volume(lower.nonDominated(points.map { Array($0.dropLast()) })) * (reference[dimension - 1] - last)
    }

    /// Three objectives: the third one sweeps over a staircase of the first two, whose area grows.
    private func swept(_ points: [[Double]]) -> Double {
        var stairs = Staircase(right: reference[0], top: reference[1])
        var sum = 0.0
        for (i, p) in points.enumerated() {
            stairs.insert(p[0], p[1])
            sum += stairs.area * ((i + 1 < points.count ? points[i + 1][2] : reference[2]) - p[2])
        }
        return sum
    }

    /// Two objectives: a rectangle between a point and its neighbours.
    private func contributionsInPlane(_ points: [[Double]]) -> [Double] {
        let order = points.indices.filter { isInside(points[$0]) }.sorted { a, b in
            points[a][0] != points[b][0] ? points[a][0] < points[b][0] : points[a][1] < points[b][1]
        }
        var result = [Double](repeating: 0, count: points.count)
        for (place, i) in order.enumerated() {
            let right = place + 1 < order.count ? points[order[place + 1]][0] : reference[0]
            let top = place > 0 ? points[order[place - 1]][1] : reference[1]
            result[i] = max(0, right - points[i][0]) * max(0, top - points[i][1])
        }
        return result
    }
}

/// The area that points of the plane dominate up to a corner.
private struct Staircase {
    private let right: Double
    private let top: Double
    /// From left to right, ever lower.
    private var steps: [(x: Double, y: Double)] = []
    private(set) var area = 0.0

    init(right: Double, top: Double) { (self.right, self.top) = (right, top) }

    mutating func insert(_ x: Double, _ y: Double) {
        var (low, high) = (0, steps.count)
        while low < high {
            let middle = (low + high) / 2
            if steps[middle].x <= x { low = middle + 1 } else { high = middle }
        }
        var height = low > 0 ? steps[low - 1].y : top
        if height <= y { return }
        var left = x
        var end = low
        while end < steps.count, steps[end].y >= y {
            area += (steps[end].x - left) * (height - y)
            (left, height) = steps[end]
            end += 1
        }
        area += ((end < steps.count ? steps[end].x : right) - left) * (height - y)
        let first = low > 0 && steps[low - 1].x == x ? low - 1 : low
        steps.replaceSubrange(first..<end, with: [(x, y)])
    }
}
