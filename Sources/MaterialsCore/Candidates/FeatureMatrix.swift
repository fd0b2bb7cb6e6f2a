/// Rows × columns of descriptor values, row-major; missing is NaN.
public struct FeatureMatrix: Equatable, Sendable {
    /// Candidates.
    public let rows: Int
    /// Features.
    public let columns: Int
    /// `rows × columns` values.
    public var values: [Double]

    /// A matrix of zeros.
    public init(rows: Int, columns: Int) {
        (self.rows, self.columns) = (rows, columns)
        values = [Double](repeating: 0, count: rows * columns)
    }

    /// Takes over row-major values.
    public init(rows: Int, columns: Int, values: [Double]) {
        precondition(values.count == rows * columns)
        (self.rows, self.columns, self.values) = (rows, columns, values)
    }

    /// One value.
    public subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    /// A copy of one row.
    public func row(_ row: Int) -> ArraySlice<Double> { values[row * columns..<(row + 1) * columns] }

    /// A copy of one column.
    public func column(_ column: Int) -> [Double] { (0..<rows).map { values[$0 * columns + column] } }

    /// Only the given rows.
    public func selecting(_ selection: [Int]) -> FeatureMatrix {
        var result: [Double] = []
        result.reserveCapacity(selection.count * columns)
        for r in selection { result.append(contentsOf: row(r)) }
        return FeatureMatrix(rows: selection.count, columns: columns, values: result)
    }

    /// Only the given columns, in the given order.
    public func selectingColumns(_ selection: [Int]) -> FeatureMatrix {
        var result = FeatureMatrix(rows: rows, columns: selection.count)
        for r in 0..<rows { for (i, c) in selection.enumerated() { result.values[r * selection.count + i] = values[r * columns + c] } }
        return result
    }

    /// With further columns behind.
    public func appending(_ other: FeatureMatrix) -> FeatureMatrix {
        precondition(rows == other.rows)
        var result = FeatureMatrix(rows: rows, columns: columns + other.columns)
        for r in 0..<rows {
            for c in 0..<columns { result.values[r * result.columns + c] = values[r * columns + c] }
            for c in 0..<other.columns { result.values[r * result.columns + columns + c] = other.values[r * other.columns + c] }
        }
        return result
    }

    /// Lends columns `first..<first + width` of one row for writing.
    ///
    /// The one place where rows are sliced: spans cannot be returned yet.
    @inlinable
    public mutating func withRow<Failure: Error>(
        _ row: Int, first: Int, width: Int, _ body: (inout MutableSpan<Double>) throws(Failure) -> Void
    ) throws(Failure) {
        let start = row * columns + first
        precondition(first + width <= columns && row < rows)
        var failure: Failure?
        values.withUnsafeMutableBufferPointer { all in
            var span = MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: all[start..<start + width]))
            do throws(Failure) { try body(&span) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
