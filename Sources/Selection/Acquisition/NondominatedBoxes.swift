import MaterialsCore

/// The space above a reference point that a front does not dominate, parted into boxes; more is better in every objective.
struct NondominatedBoxes: Sendable {
    /// Distinct bounds of the boxes in each objective, ascending; the last one is infinite.
    let levels: [[Double]]
    /// Places of the bounds in `levels`: for each box lower and upper of each objective.
    private let bounds: [Int]
    private let objectives: Int

    /// Most boxes.
    static let limit = 200_000

    /// Points of a set that no other point dominates, each once, in their order.
    static func front(_ points: [[Double]]) -> [[Double]] {
        points.indices.filter { i in
            !points.indices.contains { j in
                guard i != j else { return false }
                if points[i] == points[j] { return j < i }
                return zip(points[j], points[i]).allSatisfy { $0 >= $1 }
            }
        }.map { points[$0] }
    }

    /// - Throws: `.usage` where there are too many boxes.
    init(front: [[Double]], reference: [Double]) throws {
        let k = reference.count
        var boxes = [Box(lower: reference, upper: [Double](repeating: .infinity, count: k))]
        // In the order of the first objective two of them need only one box a point.
        for point in front.sorted(by: { $0.lexicographicallyPrecedes($1) }).reversed() {
            var next: [Box] = []
            for box in boxes { box.append(outside: point, to: &next) }
            boxes = next
            guard boxes.count <= Self.limit else {
                throw MatSieveError.usage(
                    "expected-hypervolume-improvement: a front of \(front.count) rows in \(k) objectives has more than \(Self.limit) boxes; "
                        + "use thompson, or fewer objectives")
            }
        }
        let levels = (0..<k).map { o in
            Set(boxes.flatMap { [$0.lower[o], $0.upper[o]] }).sorted()
        }
        bounds = boxes.flatMap { box in
            (0..<k).flatMap { o in [levels[o].firstIndex(of: box.lower[o])!, levels[o].firstIndex(of: box.upper[o])!] }
        }
        (self.levels, objectives) = (levels, k)
    }

    /// Count of boxes.
    var count: Int { bounds.count / (2 * objectives) }

    /// Σ Π (excess over the lower - excess over the upper bound); `excess` stands beside `levels`.
    func expectedVolume(_ excess: [[Double]]) -> Double {
        let places = bounds.span
        var sum = 0.0
        for first in stride(from: 0, to: places.count, by: 2 * objectives) {
            var product = 1.0
            for k in 0..<objectives {
                product *= max(excess[k][places[first + 2 * k]] - excess[k][places[first + 2 * k + 1]], 0)
            }
            sum += product
        }
        return sum
    }

    private struct Box {
        var lower: [Double]
        var upper: [Double]

        /// Adds the parts of the box that the point does not dominate.
        func append(outside point: [Double], to result: inout [Box]) {
            guard zip(lower, point).allSatisfy({ $0 < $1 }) else {
                result.append(self)
                return
            }
            var rest = self
            for k in point.indices where point[k] < upper[k] {
                var part = rest
                part.lower[k] = point[k]
                result.append(part)
                rest.upper[k] = point[k]
            }
        }
    }
}
