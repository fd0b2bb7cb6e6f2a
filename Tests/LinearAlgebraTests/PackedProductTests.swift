import LinearAlgebra
import MaterialsCore
import Testing

@Suite struct PackedProductTests {
    /// The loop that defines the bits.
    private func naive<T: BinaryFloatingPoint>(_ a: [T], _ b: [T], rows: Int, inner: Int, columns: Int) -> [T] {
        var c = [T](repeating: 0, count: rows * columns)
        for i in 0..<rows {
            for j in 0..<columns {
                var sum: T = 0
                for k in 0..<inner { sum += a[i * inner + k] * b[k * columns + j] }
                c[i * columns + j] = sum
            }
        }
        return c
    }

    private func random<T: BinaryFloatingPoint>(_ count: Int, seed: UInt64, _ type: T.Type) -> [T] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in T(random.nextUnit() * 4 - 2) }
    }

    private func transposed<T>(_ values: [T], rows: Int, columns: Int) -> [T] {
        (0..<columns).flatMap { j in (0..<rows).map { i in values[i * columns + j] } }
    }

    static let shapes = [(1, 1, 1), (12, 5, 32), (13, 7, 33), (50, 0, 3), (0, 4, 4), (25, 600, 70), (49, 513, 31), (100, 64, 96)]

    @Test(arguments: shapes) func singlePrecisionHasTheBitsOfTheNaiveLoop(_ rows: Int, _ inner: Int, _ columns: Int) {
        let a = random(rows * inner, seed: 1, Float.self)
        let b = random(inner * columns, seed: 2, Float.self)
        let expected = naive(a, b, rows: rows, inner: inner, columns: columns)
        let turned = transposed(b, rows: inner, columns: columns)
        for packed in [
            PackedFloatMatrix(b.span, rows: inner, columns: columns),
            PackedFloatMatrix(transposing: turned.span, rows: inner, columns: columns),
        ] {
            var c = [Float](repeating: .nan, count: rows * columns)
            var span = c.mutableSpan
            rowInvariantProduct(a.span, packed, into: &span, rows: rows)
            #expect(c.map(\.bitPattern) == expected.map(\.bitPattern))
        }
    }

    @Test(arguments: shapes) func doublePrecisionHasTheBitsOfTheNaiveLoop(_ rows: Int, _ inner: Int, _ columns: Int) {
        let a = random(rows * inner, seed: 3, Double.self)
        let b = random(inner * columns, seed: 4, Double.self)
        let expected = naive(a, b, rows: rows, inner: inner, columns: columns)
        let turned = transposed(b, rows: inner, columns: columns)
        for packed in [
            PackedMatrix(b.span, rows: inner, columns: columns), PackedMatrix(transposing: turned.span, rows: inner, columns: columns),
        ] {
            var c = [Double](repeating: .nan, count: rows * columns)
            var span = c.mutableSpan
            rowInvariantProduct(a.span, packed, into: &span, rows: rows)
            #expect(c.map(\.bitPattern) == expected.map(\.bitPattern))
        }
    }
}
