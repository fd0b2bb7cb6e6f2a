import LinearAlgebra
import MaterialsCore
import Testing

/// Against LAPACK and closed forms.
@Suite struct PortableEigenTests {
    /// Relative to the largest magnitude, as both codes state it.
    static func difference(_ a: [Double], _ b: [Double]) -> Double {
        let scale = max(b.map(abs).max() ?? 0, Double.leastNormalMagnitude)
        return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } / scale
    }

    static func random(_ n: Int, seed: UInt64, _ value: (inout SplitMix64, Int, Int) -> Double) -> Matrix {
        var random = SplitMix64(seed: seed)
        var m = Matrix(rows: n, columns: n)
        for i in 0..<n {
            for j in 0...i {
                m[i, j] = value(&random, i, j)
                m[j, i] = m[i, j]
            }
        }
        return m
    }

    @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 64, 100, 200]) func agreesWithLAPACK(_ n: Int) throws {
        let dense = Self.random(n, seed: UInt64(n)) { r, _, _ in r.nextUnit() - 0.5 }
        let positive = Self.random(n, seed: UInt64(n)) { r, i, j in i == j ? 400 * r.nextUnit() : 30 * r.nextUnit() }
        let graded = Self.random(n, seed: UInt64(n)) { r, i, j in (r.nextUnit() - 0.5) * PortableMath.exp(-0.7 * Double(i + j)) }
        let integers = Self.random(n, seed: UInt64(n)) { r, _, _ in Double(Int(3 * r.nextUnit()) - 1) }
        for matrix in [dense, positive, graded, integers] {
            let (own, lapack) = (try PortableSymmetricEigen(matrix, vectors: true), try SymmetricEigen(matrix))
            #expect(Self.difference(own.values, lapack.values) < 1e-13)
            let product = matrix.rowInvariantProduct(own.vectors)
            let scale = max(1e-300, lapack.values.map(abs).max() ?? 0)
            for i in 0..<n {
                for j in 0..<n { #expect(abs(product[i, j] - own.values[j] * own.vectors[i, j]) < 1e-13 * scale) }
            }
            let unit = own.vectors.transposed.rowInvariantProduct(own.vectors)
            for i in 0..<n { for j in 0..<n { #expect(abs(unit[i, j] - (i == j ? 1 : 0)) < 1e-12) } }
            #expect(try PortableSymmetricEigen(matrix).values == own.values)
        }
    }

    /// Second differences of a chain: 2 - 2 cos(kπ / (n + 1)).
    @Test func closedForm() throws {
        for n in [2, 50, 150] {
            let chain = Self.random(n, seed: 1) { _, i, j in i == j ? 2 : i - j == 1 ? -1 : 0 }
            let exact = (1...n).map { 2 - 2 * PortableMath.cos(Double($0) * Double.pi / Double(n + 1)) }
            #expect(Self.difference(try PortableSymmetricEigen(chain).values, exact) < 1e-14)
        }
    }

    @Test func degenerateMatrices() throws {
        #expect(try PortableSymmetricEigen(Matrix(rows: 0, columns: 0), vectors: true).values == [])
        #expect(try PortableSymmetricEigen(Matrix(rows: 6, columns: 6), vectors: true).vectors == .identity(6))
        #expect(try PortableSymmetricEigen(.identity(9)).values == [Double](repeating: 1, count: 9))
        let ones = Self.random(40, seed: 1) { _, _, _ in 1 }
        let values = try PortableSymmetricEigen(ones).values
        #expect(abs(values[39] - 40) < 1e-12 && values[..<39].allSatisfy { abs($0) < 1e-12 })
    }

    @Test func largeAndSmallNumbers() throws {
        let plain = Self.random(12, seed: 4) { r, _, _ in r.nextUnit() - 0.5 }
        let reference = try PortableSymmetricEigen(plain).values
        for exponent in [-1040, -900, 500, 1020] {
            let factor = Double(sign: .plus, exponent: exponent, significand: 1)
            let scaled = Matrix(rows: 12, columns: 12, values: plain.values.map { $0 * factor })
            let values = try PortableSymmetricEigen(scaled).values
            #expect(Self.difference(values, reference.map { $0 * factor }) < (exponent < -1000 ? 1e-6 : 1e-15))
        }
    }

    @Test func refusesWhatIsNotFinite() {
        for bad in [Double.nan, .infinity] {
            #expect(throws: MatSieveError.self) { try PortableSymmetricEigen(Matrix(rows: 2, columns: 2, values: [1, bad, bad, 1])) }
        }
    }

    /// The kernel against the plain loops it stands for: the same bits.
    @Test(arguments: [1, 2, 5, 13, 24, 61]) func kernelEqualsNaiveLoops(_ n: Int) {
        let matrix = Self.random(n, seed: 77) { r, _, _ in r.nextUnit() - 0.5 }
        var work = EigenWorkspace(size: 3)
        var values = matrix.values
        var span = values.mutableSpan
        let own = work.eigenvalues(&span, size: n)
        #expect(own == NaiveEigen.values(matrix))
    }
}

/// The kernel's sums, one element at a time.
enum NaiveEigen {
    static func values(_ matrix: Matrix) -> [Double] {
        let n = matrix.rows
        let largest = matrix.values.map(abs).max() ?? 0
        let factor = Double(sign: .plus, exponent: -Int(largest.exponent), significand: 1)
        var a = matrix
        for i in a.values.indices { a.values[i] *= factor }
        var (d, e) = tridiagonal(&a)
        for i in 1..<max(n, 1) { e[i - 1] = e[i] }
        e[n - 1] = 0
        iterate(&d, &e)
        return d.map { $0 / factor }.sorted()
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var s = [Double](repeating: 0, count: 8)
        for i in a.indices { s[i % 8] += a[i] * b[i] }
        return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
    }

    private static func tridiagonal(_ a: inout Matrix) -> (d: [Double], e: [Double]) {
        let n = a.rows
        var (d, e) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
        for i in stride(from: n - 1, to: 0, by: -1) {
            d[i] = a[i, i]
            var u = (0..<i).map { a[i, $0] }
            let last = u[i - 1]
            let rest = dot(Array(u[..<(i - 1)]), Array(u[..<(i - 1)]))
            e[i] = last
            if rest == 0 { continue }
            let square = rest + last * last
            let g = last < 0 ? square.squareRoot() : -square.squareRoot()
            let h = square - last * g
            e[i] = g
            u[i - 1] = last - g
            var p = product(a, u).map { $0 / h }
            let shift = dot(u, p) / (2 * h)
            for j in 0..<i { p[j] -= shift * u[j] }
            for k in 0..<i { for j in 0..<i { a[k, j] -= p[k] * u[j] + u[k] * p[j] } }
        }
        d[0] = a[0, 0]
        return (d, e)
    }

    private static func product(_ a: Matrix, _ u: [Double]) -> [Double] {
        let m = u.count
        return (0..<m).map { j in
            var p = 0.0
            for k in stride(from: 0, to: m - m % 4, by: 4) {
                p += (u[k] * a[k, j] + u[k + 1] * a[k + 1, j]) + (u[k + 2] * a[k + 2, j] + u[k + 3] * a[k + 3, j])
            }
            for k in (m - m % 4)..<m { p += u[k] * a[k, j] }
            return p
        }
    }

    private static func iterate(_ d: inout [Double], _ e: inout [Double]) {
        let n = d.count
        for l in 0..<n {
            while true {
                var m = l
                while m < n - 1, abs(e[m]) > 0x1p-200 + 0x1p-53 * (abs(d[m]) + abs(d[m + 1])) { m += 1 }
                if m == l { break }
                step(&d, &e, l, m)
            }
        }
    }

    private static func step(_ d: inout [Double], _ e: inout [Double], _ first: Int, _ last: Int) {
        let half = (d[first + 1] - d[first]) / (2 * e[first])
        let root = (half * half + 1).squareRoot()
        var g = d[last] - d[first] + e[first] / (half + (half < 0 ? -root : root))
        var (s, c, p) = (1.0, 1.0, 0.0)
        for i in stride(from: last - 1, through: first, by: -1) {
            let (f, b) = (s * e[i], c * e[i])
            let r = (f * f + g * g).squareRoot()
            e[i + 1] = r
            (s, c) = (f / r, g / r)
            g = d[i + 1] - p
            let t = (d[i] - g) * s + 2 * c * b
            p = s * t
            d[i + 1] = g + p
            g = c * t - b
        }
        d[first] -= p
        (e[first], e[last]) = (g, 0)
    }
}
