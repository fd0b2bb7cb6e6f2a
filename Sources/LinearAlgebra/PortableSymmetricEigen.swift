import CKernels
import MaterialsCore

/// `A = V·diag(values)·Vᵀ` of a symmetric matrix, with the same bits on every CPU.
///
/// For features, where `SymmetricEigen` (LAPACK) will not do: its last bits depend on the kernels that OpenBLAS picks.
///
/// - Input:    a symmetric matrix; reads both triangles, which must agree
/// - Output:   values ascending; vectors, where asked for, as columns, the component of largest magnitude (the first of equals) positive
/// - Errors:   `MatSieveError.input` where a value is not finite
/// - Numerics: Householder reflections to tridiagonal form, then QL with implicit shifts on the matrix scaled by its largest element
///   to 1 (by a power of two); fixed order of sums. Values to 10⁻¹⁴ of the largest magnitude
/// - Cost:     2n³ operations for the values, 5n³ with vectors: about 0.5 ms for n = 100 without vectors
/// - Source:   R. S. Martin, C. Reinsch, J. H. Wilkinson, Numer. Math. 11, 181 (1968), doi:10.1007/BF02161841;
///   A. Dubrulle, R. S. Martin, J. H. Wilkinson, Numer. Math. 12, 377 (1968), doi:10.1007/BF02165404
public struct PortableSymmetricEigen: Sendable {
    /// Ascending.
    public let values: [Double]
    /// Column j belongs to value j; empty (0 × 0) unless asked for.
    public let vectors: Matrix

    /// Decomposes.
    public init(_ matrix: Matrix, vectors wanted: Bool = false) throws {
        precondition(matrix.rows == matrix.columns)
        let n = matrix.rows
        guard matrix.values.allSatisfy(\.isFinite) else {
            throw MatSieveError.input("eigenvalues: the matrix has values that are not finite")
        }
        var work = EigenWorkspace(size: n)
        var (unsorted, rows) = (matrix.values, [Double](repeating: 0, count: wanted ? n * n : 0))
        var span = unsorted.mutableSpan
        guard let found = work.decompose(&span, size: n, vectors: &rows) else {
            throw MatSieveError.input("eigenvalues: no convergence")
        }
        let order = found.indices.sorted { (found[$0], $0) < (found[$1], $1) }
        values = order.map { found[$0] }
        var sorted = Matrix(rows: wanted ? n : 0, columns: wanted ? n : 0)
        for (column, row) in order.enumerated() where wanted {
            let vector = rows[row * n..<(row + 1) * n]
            var largest = vector.startIndex
            for i in vector.indices where vector[i].magnitude > vector[largest].magnitude { largest = i }
            let sign: Double = n > 0 && vector[largest] < 0 ? -1 : 1
            for i in 0..<n { sorted[i, column] = sign * vector[row * n + i] }
        }
        vectors = sorted
    }
}

/// Room for eigenvalues of matrices up to a size, to be used again and again.
public struct EigenWorkspace: Sendable {
    private var diagonal, off, scale, work: [Double]

    /// Room for matrices of `size` rows; it grows where needed.
    public init(size: Int = 0) {
        diagonal = [Double](repeating: 0, count: size)
        (off, scale, work) = (diagonal, diagonal, diagonal)
    }

    /// Eigenvalues of a symmetric matrix (`size` × `size`, both triangles, finite), ascending; as `PortableSymmetricEigen`.
    ///
    /// The matrix is destroyed. Nil where the iteration does not converge, which no finite matrix has been seen to do.
    public mutating func eigenvalues(_ matrix: inout MutableSpan<Double>, size: Int) -> [Double]? {
        var none: [Double] = []
        guard var values = decompose(&matrix, size: size, vectors: &none) else { return nil }
        values.sort()
        return values
    }

    /// Eigenvalues as they are found; rows of `vectors` (`size` × `size`, or empty for none) become the vectors.
    mutating func decompose(_ matrix: inout MutableSpan<Double>, size n: Int, vectors: inout [Double]) -> [Double]? {
        precondition(matrix.count == n * n)
        guard n > 0 else { return [] }
        if diagonal.count < n { self = EigenWorkspace(size: n) }
        var largest = 0.0
        for i in 0..<n * n { largest = max(largest, abs(matrix[i])) }
        guard largest > 0 else {
            for i in 0..<vectors.count { vectors[i] = i % (n + 1) == 0 ? 1 : 0 }
            return [Double](repeating: 0, count: n)
        }
        // In two steps: half a large exponent is never out of range.
        let exponent = Int(largest.exponent)
        let (first, second) = (Self.power(-exponent / 2), Self.power(-exponent - -exponent / 2))
        for i in 0..<n * n { matrix[i] = matrix[i] * first * second }
        guard solve(&matrix, n, &vectors) else { return nil }
        let (back, again) = (Self.power(exponent / 2), Self.power(exponent - exponent / 2))
        return (0..<n).map { diagonal[$0] * back * again }
    }

    private mutating func solve(_ matrix: inout MutableSpan<Double>, _ n: Int, _ vectors: inout [Double]) -> Bool {
        // The kernels are C.
        matrix.withUnsafeMutableBufferPointer { a in
            matsieve_tridiagonalize(a.baseAddress, n, &diagonal, &off, &scale, &work)
            if vectors.isEmpty { return matsieve_tridiagonal_eigenvalues(&diagonal, &off, n, nil) == 0 }
            return vectors.withUnsafeMutableBufferPointer { v in
                matsieve_apply_reflections(a.baseAddress, n, scale, v.baseAddress)
                return matsieve_tridiagonal_eigenvalues(&diagonal, &off, n, v.baseAddress) == 0
            }
        }
    }

    private static func power(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
}
