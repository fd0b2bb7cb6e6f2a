import MaterialsCore
import Testing

@testable import Models

@Suite struct LBFGSTests {
    @Test func quadraticsEndAtTheirMinimum() {
        let scales = (0..<30).map { PortableMath.exp(Double($0) * 0.3) }
        let end = LBFGS(iterations: 1_000, gradientTolerance: 1e-9, valueTolerance: 0).minimize(from: [Double](repeating: 3, count: 30)) {
            x, g in
            for i in x.indices { g[i] = scales[i] * (x[i] - Double(i)) }
            return zip(x, scales).enumerated().reduce(0) {
                $0 + $1.element.1 * ($1.element.0 - Double($1.offset)) * ($1.element.0 - Double($1.offset)) / 2
            }
        }
        #expect(end.hasConverged && end.point.enumerated().allSatisfy { ($0.element - Double($0.offset)).magnitude < 1e-8 })
        #expect(end.iterations < 900)
    }

    /// H. H. Rosenbrock, Comput. J. 3, 175 (1960).
    @Test func rosenbrockEndsAtOne() {
        let end = LBFGS(gradientTolerance: 1e-8, valueTolerance: 0).minimize(from: [-1.2, 1, -1.2, 1]) { x, g in
            var sum = 0.0
            for i in [0, 2] {
                let (a, b) = (x[i], x[i + 1])
                sum += 100 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a)
                (g[i], g[i + 1]) = (-400 * a * (b - a * a) - 2 * (1 - a), 200 * (b - a * a))
            }
            return sum
        }
        #expect(end.hasConverged && end.point.allSatisfy { ($0 - 1).magnitude < 1e-7 } && end.evaluations < 100)
    }

    @Test func pointsThatAreRefusedAreLeft() {
        // log x - x has its maximum at 1; outside of x > 0 there is no value.
        let end = LBFGS(gradientTolerance: 1e-9).minimize(from: [40]) { x, g in
            guard x[0] > 0 else { return .infinity }
            g[0] = 1 - 1 / x[0]
            return x[0] - PortableMath.log(x[0])
        }
        #expect((end.point[0] - 1).magnitude < 1e-6)
        let flat = LBFGS().minimize(from: [1, 2]) { _, g in
            (g[0], g[1]) = (0, 0)
            return 5
        }
        #expect(flat.point == [1, 2] && flat.hasConverged)
        let none = LBFGS().minimize(from: [1]) { _, _ in .nan }
        #expect(none.point == [1] && !none.hasConverged)
    }
}
