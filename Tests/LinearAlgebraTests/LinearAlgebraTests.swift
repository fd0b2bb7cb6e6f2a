import MaterialsCore
import Testing

@testable import LinearAlgebra

/// Seeded values of mixed magnitude, so that the order of a sum shows in its bits.
private func randomMatrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var random = SplitMix64(seed: seed)
    return Matrix(
        rows: rows, columns: columns,
        values: (0..<rows * columns).map { _ in (random.nextUnit() - 0.5) * Double(1 << random.nextInt(below: 20)) })
}

/// The loop that the kernel must match bit for bit.
private func naiveProduct(_ a: Matrix, _ b: Matrix) -> Matrix {
    var c = Matrix(rows: a.rows, columns: b.columns)
    for i in 0..<a.rows {
        for j in 0..<b.columns {
            var sum = 0.0
            for k in 0..<a.columns { sum += a[i, k] * b[k, j] }
            c[i, j] = sum
        }
    }
    return c
}

private func largestDifference(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { ($0 - $1).magnitude }.max() ?? 0 }

@Suite struct OpenBLASTests {
    @Test func kernelsFitTheCPU() {
        let kernels = OpenBLAS.prepare()
        #expect(!kernels.used.isEmpty)
        if kernels.detected != "Prescott" { #expect(kernels.used == kernels.detected) }
        #expect(OpenBLAS.prepare() == kernels)
    }

    @Test func onlyTheFallbackIsReplaced() {
        #expect(OpenBLAS.replacement(of: "Prescott", vectorLevel: 2) == "SkylakeX")
        #expect(OpenBLAS.replacement(of: "Prescott", vectorLevel: 1) == "Haswell")
        #expect(OpenBLAS.replacement(of: "Prescott", vectorLevel: 0) == nil)
        #expect(OpenBLAS.replacement(of: "Zen", vectorLevel: 2) == nil)
        #expect(OpenBLAS.replacement(of: "SkylakeX", vectorLevel: 2) == nil)
    }
}

@Suite struct ProductTests {
    @Test func kernelHasTheBitsOfTheNaiveLoopForEveryShape() {
        for rows in [1, 2, 5, 6, 7, 8, 13, 16, 33] {
            for columns in [1, 2, 7, 8, 9, 16, 23] {
                for inner in [0, 1, 3, 64, 131] {
                    let (a, b) = (
                        randomMatrix(rows, inner, seed: UInt64(rows * 100 + inner)), randomMatrix(inner, columns, seed: UInt64(columns))
                    )
                    #expect(a.rowInvariantProduct(b) == naiveProduct(a, b), "\(rows) × \(inner) × \(columns)")
                }
            }
        }
    }

    @Test func aRowDoesNotDependOnItsBatch() {
        let (a, b) = (randomMatrix(61, 132, seed: 1), randomMatrix(132, 37, seed: 2))
        let whole = a.rowInvariantProduct(b)
        for size in [1, 3, 8, 17, 60] {
            var parts: [Double] = []
            for first in stride(from: 0, to: 61, by: size) {
                let end = min(first + size, 61)
                let part = Matrix(rows: end - first, columns: 132, values: Array(a.values[first * 132..<end * 132]))
                parts += part.rowInvariantProduct(b).values
            }
            #expect(parts == whole.values, "batches of \(size)")
        }
    }

    @Test func blasProductsAgreeWithTheNaiveLoop() {
        let (a, b) = (randomMatrix(20, 30, seed: 3), randomMatrix(30, 10, seed: 4))
        let scale = 1e12 * 1e-14  // values up to 5e5: products of 2.5e11, 30 of them, in double precision
        #expect(largestDifference(a.product(b).values, naiveProduct(a, b).values) < scale)
        #expect(largestDifference(a.gram().values, naiveProduct(a.transposed, a).values) < scale)
        let x = randomMatrix(30, 1, seed: 5)
        #expect(largestDifference(a.product(x.values), naiveProduct(a, x).values) < scale)
        let y = randomMatrix(20, 1, seed: 6)
        #expect(largestDifference(a.transposedProduct(y.values), naiveProduct(a.transposed, y).values) < scale)
    }
}

@Suite struct FactorisationTests {
    @Test func choleskyOfAKnownMatrix() throws {
        // Textbook: L = [[2, 0, 0], [6, 1, 0], [-8, 5, 3]].
        let c = try Cholesky(Matrix(rows: 3, columns: 3, values: [4, 12, -16, 12, 37, -43, -16, -43, 98]))
        #expect(c.lower.values == [2, 0, 0, 6, 1, 0, -8, 5, 3])
        #expect(c.diagonal == [2, 1, 3])
        let x = try c.solve([4 + 24 - 48, 12 + 74 - 129, -16 - 86 + 294])
        #expect(largestDifference(x, [1, 2, 3]) < 1e-10)
    }

    @Test func indefiniteMatrixIsRefused() {
        #expect(throws: MatSieveError.self) { try Cholesky(Matrix(rows: 2, columns: 2, values: [1, 2, 2, 1])) }
    }

    @Test func eigenvaluesOfAKnownMatrix() throws {
        let e = try SymmetricEigen(Matrix(rows: 2, columns: 2, values: [2, 1, 1, 2]))
        #expect(largestDifference(e.values, [1, 3]) < 1e-14)
        let h = 0.5.squareRoot()
        #expect(largestDifference(e.vectors.values, [h, h, -h, h]) < 1e-14)
    }

    @Test func eigenvectorsRebuildTheMatrix() throws {
        let a = randomMatrix(25, 12, seed: 9).gram()
        let e = try SymmetricEigen(a)
        var scaled = e.vectors
        for i in 0..<12 { for j in 0..<12 { scaled[i, j] *= e.values[j] } }
        let largest = a.values.map(\.magnitude).max()!
        #expect(largestDifference(scaled.product(e.vectors.transposed).values, a.values) < largest * 1e-13)
    }

    @Test(arguments: [(30, 7), (7, 30), (9, 9), (1, 4), (4, 1)]) func singularValuesRebuildTheMatrix(_ shape: (Int, Int)) throws {
        let a = randomMatrix(shape.0, shape.1, seed: 11)
        let s = try SingularValues(a)
        #expect(s.values.count == min(shape.0, shape.1) && s.values == s.values.sorted(by: >))
        var scaled = s.left
        for i in 0..<scaled.rows { for j in 0..<scaled.columns { scaled[i, j] *= s.values[j] } }
        #expect(largestDifference(scaled.product(s.rightTransposed).values, a.values) < s.values[0] * 1e-13)
    }

    @Test func valuesThatAreNotFiniteAreRefused() {
        #expect(throws: MatSieveError.self) { try SingularValues(Matrix(rows: 2, columns: 2, values: [1, .nan, 0, 1])) }
        #expect(throws: MatSieveError.self) { try SymmetricEigen(Matrix(rows: 2, columns: 2, values: [1, .infinity, 0, 1])) }
    }
}
