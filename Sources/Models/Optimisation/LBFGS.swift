/// Minimises a smooth function of many variables from its values and gradients, by the limited-memory BFGS method.
///
/// - Numerics: line searches meet the strong Wolfe conditions (1e-4, 0.9); values that are not finite count as too large, so a function
///   may refuse points by them. Deterministic
/// - Cost:     memory · count operations an iteration, beside one or two evaluations
/// - Source:   D. C. Liu, J. Nocedal, Math. Program. 45, 503 (1989), doi:10.1007/BF01589116; line search: J. Nocedal, S. J. Wright,
///   Numerical Optimization, 2nd edition (2006), algorithms 3.5 and 3.6, doi:10.1007/978-0-387-40065-5
struct LBFGS {
    /// Value at a point; fills the gradient.
    typealias Function = (_ point: [Double], _ gradient: inout [Double]) throws -> Double

    /// Pairs of steps and gradient changes that are remembered.
    var memory = 10
    /// Most iterations.
    var iterations = 200
    /// Ends where no component of the gradient is larger.
    var gradientTolerance = 1e-6
    /// Ends where an iteration lowers the value by less than this part of it.
    var valueTolerance = 1e-10

    /// Where the search ended.
    struct Outcome {
        var point: [Double]
        var value: Double
        var gradient: [Double]
        var iterations = 0
        var evaluations = 0
        /// A tolerance was met; false where iterations ran out or the line search found nothing lower.
        var hasConverged = false
    }

    /// The lowest point found from `start`.
    func minimize(from start: [Double], _ function: Function) rethrows -> Outcome {
        var gradient = [Double](repeating: 0, count: start.count)
        let value = try function(start, &gradient)
        var now = Outcome(point: start, value: value, gradient: gradient, evaluations: 1)
        guard value.isFinite, gradient.allSatisfy(\.isFinite) else { return now }
        var history: [(step: [Double], change: [Double], curvature: Double)] = []
        while now.iterations < iterations {
            guard Self.largest(now.gradient) > gradientTolerance else {
                now.hasConverged = true
                break
            }
            var direction = Self.direction(now.gradient, history)
            var slope = Self.dot(direction, now.gradient)
            if slope >= 0 {
                history.removeAll()
                direction = now.gradient.map { -$0 }
                slope = Self.dot(direction, now.gradient)
            }
            let first = history.isEmpty ? min(1, 1 / max(Self.largest(now.gradient), 1e-300)) : 1
            var search = WolfeSearch(origin: now, direction: direction, slope: slope)
            guard var next = try search.run(firstStep: first, function) else {
                if history.isEmpty { break }
                history.removeAll()
                now.evaluations = search.evaluations
                now.iterations += 1
                continue
            }
            (next.iterations, next.evaluations) = (now.iterations + 1, search.evaluations)
            let step = zip(next.point, now.point).map { $0 - $1 }
            let change = zip(next.gradient, now.gradient).map { $0 - $1 }
            let curvature = Self.dot(step, change)
            if curvature > 1e-12 * Self.dot(change, change) {
                history.append((step, change, curvature))
                if history.count > memory { history.removeFirst() }
            }
            let isFlat = now.value - next.value <= valueTolerance * max(next.value.magnitude, 1)
            now = next
            if isFlat {
                now.hasConverged = true
                break
            }
        }
        return now
    }

    /// The two-loop recursion.
    private static func direction(_ gradient: [Double], _ history: [(step: [Double], change: [Double], curvature: Double)]) -> [Double] {
        var q = gradient.map { -$0 }
        var factors: [Double] = []
        for h in history.reversed() {
            let a = dot(h.step, q) / h.curvature
            factors.append(a)
            for i in q.indices { q[i] -= a * h.change[i] }
        }
        if let last = history.last {
            let scale = last.curvature / dot(last.change, last.change)
            for i in q.indices { q[i] *= scale }
        }
        for (h, a) in zip(history, factors.reversed()) {
            let b = dot(h.change, q) / h.curvature
            for i in q.indices { q[i] += (a - b) * h.step[i] }
        }
        return q
    }

    static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for i in a.indices { sum += a[i] * b[i] }
        return sum
    }

    private static func largest(_ a: [Double]) -> Double { a.reduce(0) { max($0, $1.magnitude) } }
}
