import CKernels
import MaterialsCore
import Testing

@testable import Models

/// The C kernels, loop by loop.
private enum Naive<Scalar: KernelScalar> {
    static func exponential(_ argument: Scalar, _ terms: Int, _ constants: [Double], least: Double) -> Scalar {
        let x = argument > Scalar(least) ? argument : Scalar(least)
        let magic = Scalar(constants[0])
        let shifted = x * Scalar(constants[1]) + magic
        let n = shifted - magic
        let r = (x - n * Scalar(constants[2])) - n * Scalar(constants[3])
        var factorial = 1.0
        let factors = (0...terms).map { i -> Scalar in
            if i > 0 { factorial *= Double(i) }
            return Scalar(1 / factorial)
        }
        var sum = factors[terms]
        for i in (0..<terms).reversed() { sum = sum * r + factors[i] }
        return sum * Scalar(sign: .plus, exponent: Scalar.Exponent(Int(n)), significand: 1)
    }

    static func exponential(_ x: Scalar) -> Scalar {
        Scalar.self == Float.self
            ? exponential(
                x, 7, [12_582_912, Double(Float(1.44269504)), Double(Float(0.693145752)), Double(Float(1.42860677e-6))], least: -87)
            : exponential(x, 13, [6_755_399_441_055_744, 1.4426950408889634, 0.69314718036912381649, 1.9082149292705877e-10], least: -700)
    }

    static func value(_ form: Int32, _ x: [Scalar], _ y: [Scalar]) -> Scalar {
        var (product, square, magnitude, xx, yy): (Scalar, Scalar, Scalar, Scalar, Scalar) = (0, 0, 0, 0, 0)
        for (a, b) in zip(x, y) {
            product += a * b
            square += (a - b) * (a - b)
            magnitude += (a - b).magnitude
            xx += a * a
            yy += b * b
        }
        if form == MATSIEVE_LAPLACIAN { return exponential(-magnitude) }
        if form == MATSIEVE_MATERN12 { return exponential(-square.squareRoot()) }
        if form == MATSIEVE_MATERN12_SLOPE {
            let s = square.squareRoot()
            return s > Scalar(1e-5) ? exponential(-s) / s : 0
        }
        let half = max((xx / 2 + yy / 2) - product, 0)
        if form == MATSIEVE_RBF { return exponential(-half) }
        let s2 = half + half
        let s = s2.squareRoot()
        let e = exponential(-s)
        let third = Scalar(1.0 / 3)
        if form == MATSIEVE_MATERN32 { return (s + 1) * e }
        if form == MATSIEVE_MATERN32_SLOPE { return e }
        if form == MATSIEVE_MATERN52 { return ((s2 * third + s) + 1) * e }
        return (s + 1) * e * third
    }
}

private func random<S: KernelScalar>(_ count: Int, seed: UInt64, scale: Double, _ type: S.Type) -> [S] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in S((random.nextUnit() * 2 - 1) * scale) }
}

@Suite struct KernelRowsTests {
    private func checkValues<S: KernelScalar>(_ type: S.Type, _ form: Int32, rows: Int, training: Int, columns: Int) {
        let width = (training + 31) / 32 * 32
        var x = random(rows * columns, seed: 1, scale: 1, type)
        let y = random(training * columns, seed: 2, scale: 1, type)
        for c in 0..<columns { x[c] = y[c] }
        func row(_ v: [S], _ i: Int) -> [S] { Array(v[i * columns..<(i + 1) * columns]) }
        var panels = [S](repeating: 0, count: width * columns + 1)
        var halves = [S](repeating: 0, count: width)
        S.packTransposed(y, &panels, columns, training)
        for j in 0..<training { halves[j] = row(y, j).reduce(0) { $0 + $1 * $1 } / 2 }
        var (tiles, rowHalves) = ([S](repeating: 0, count: 48 * columns + 1), [S](repeating: 0, count: 48))
        S.packRows(x, rows, columns, &tiles, &rowHalves)
        var values = [S](repeating: 1, count: rows * width)
        S.kernelValues(form, 0.75, adds: true, tiles, rowHalves, rows, panels, halves, width, columns, &values, width)
        for i in 0..<rows {
            for j in 0..<training {
                let expected = 1 + Naive<S>.value(form, row(x, i), row(y, j)) * S(0.75)
                #expect(values[i * width + j] == expected, "form \(form), row \(i), column \(j)")
            }
        }
    }

    @Test(arguments: 0..<8) func valuesHaveTheBitsOfTheNaiveLoop(_ form: Int) {
        for (rows, training, columns) in [(1, 1, 3), (48, 40, 5), (13, 65, 1), (5, 33, 0)] {
            checkValues(Float.self, Int32(form), rows: rows, training: training, columns: columns)
            checkValues(Double.self, Int32(form), rows: rows, training: training, columns: columns)
        }
    }

    @Test func exponentialIsThatOfTheLibrary() {
        for i in 0...4_000 {
            let x = -Double(i) * 0.02
            #expect((Naive<Double>.exponential(x) - PortableMath.exp(x)).magnitude <= 4e-16 * PortableMath.exp(x))
            let f = Double(Naive<Float>.exponential(Float(x)))
            #expect((f - PortableMath.exp(Double(Float(x)))).magnitude <= 1.5e-7 * f)
        }
    }

    private func checkSums<S: KernelScalar>(_ type: S.Type, size: Int, isTriangular: Bool) {
        let width = (size + 31) / 32 * 32
        let rows = 14
        let values = random(rows * width, seed: 3, scale: 1, type)
        let weights = random(width, seed: 4, scale: 1, Double.self)
        var lanes = [Double](repeating: 0, count: 48 * 32)
        S.weightedLanes(values, width, rows, width, weights, &lanes)
        let f = random(size * size, seed: 5, scale: 1, type)
        let factor = KernelFactor<S>(size: size, isTriangular: isTriangular) { f[$0 * size + $1] }
        var tiles = [S](repeating: 0, count: 48 * size)
        var total = [Double](repeating: 0, count: 48 * 32)
        var squares = [Double](repeating: 0, count: 48)
        S.rowSquares(values, width, rows, factor.panels.pointer, size, size, isTriangular: isTriangular, &tiles, &total, &squares)
        for r in 0..<rows {
            var expected = [Double](repeating: 0, count: 32)
            for j in 0..<width { expected[j % 32] += Double(values[r * width + j]) * weights[j] }
            #expect(matsieve_fold_lanes(Array(lanes[r * 32..<r * 32 + 32])) == fold(expected))
            var ofSquares = [Double](repeating: 0, count: 32)
            for i in 0..<size {
                var sum: S = 0
                for k in 0..<(isTriangular ? min(size, (i / 32 + 1) * 32) : size) {
                    sum += values[r * width + k] * (isTriangular && k > i ? 0 : f[i * size + k])
                }
                ofSquares[i % 32] += Double(sum) * Double(sum)
            }
            #expect(squares[r] == fold(ofSquares))
        }
        let kept = KernelFactor<S>(size: size, isTriangular: isTriangular, values: factor.values)
        #expect((0..<kept.panels.count).allSatisfy { kept.panels.pointer[$0] == factor.panels.pointer[$0] })
    }

    private func fold(_ lanes: [Double]) -> Double {
        var s = lanes
        while s.count > 1 { s = (0..<s.count / 2).map { s[$0] + s[$0 + s.count / 2] } }
        return s[0]
    }

    @Test(arguments: [1, 31, 32, 70, 550]) func sumsAndSquaresHaveTheBitsOfTheNaiveLoop(_ size: Int) {
        for isTriangular in [true, false] {
            checkSums(Float.self, size: size, isTriangular: isTriangular)
            checkSums(Double.self, size: size, isTriangular: isTriangular)
        }
    }

    @Test(arguments: [0, 1, 4, 11]) func magnitudesHaveTheBitsOfTheNaiveLoop(_ count: Int) {
        let columns = 13
        let x = random(columns, seed: 6, scale: 1, Double.self)
        let rows = random(count * columns + 1, seed: 7, scale: 1, Double.self)
        let weights = random(count + 1, seed: 8, scale: 1, Double.self)
        var sums = [Double](repeating: 0.5, count: columns)
        var expected = sums
        matsieve_add_weighted_magnitudes(x, rows, weights, count, columns, &sums)
        for j in 0..<count { for c in 0..<columns { expected[c] += weights[j] * (x[c] - rows[j * columns + c]).magnitude } }
        #expect(sums.bits == expected.bits)
    }
}
