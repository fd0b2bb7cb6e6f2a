import Foundation
import MaterialsCore

/// Matrix files of the peer scripts: a JSON header beside raw little-endian values, row after row.
struct MatrixFile {
    private struct Header: Codable {
        var rows: Int
        var columns: Int
        var dtype: String
        var data: String
        var names: [String]?
    }

    /// The values as doubles; a missing value is NaN.
    let matrix: FeatureMatrix

    /// Reads a matrix.
    init(path: String) throws {
        guard let text = FileManager.default.contents(atPath: path) else {
            throw MatSieveError.input("\(path): no such file; check the path")
        }
        guard let header = try? JSONDecoder().decode(Header.self, from: text), header.rows >= 0, header.columns > 0 else {
            throw MatSieveError.input("\(path): is no header of a matrix file")
        }
        let data = Self.sibling(header.data, of: path)
        guard let bytes = FileManager.default.contents(atPath: data) else {
            throw MatSieveError.input("\(data): no such file; \(path) names it")
        }
        let count = header.rows * header.columns
        let values: [Double]
        switch header.dtype {
        case "float32": values = try Self.values(bytes, Float.self, count, data).map { Double($0) }
        case "float64": values = try Self.values(bytes, Double.self, count, data)
        case "int32": values = try Self.values(bytes, Int32.self, count, data).map { Double($0) }
        default: throw MatSieveError.input("\(path): dtype '\(header.dtype)' is not float32, float64 or int32")
        }
        matrix = FeatureMatrix(rows: header.rows, columns: header.columns, values: values)
    }

    /// Reads one column.
    static func column(path: String, rows: Int) throws -> [Double] {
        let matrix = try MatrixFile(path: path).matrix
        guard matrix.columns == 1, matrix.rows == rows else {
            throw MatSieveError.input("\(path): is \(matrix.rows) × \(matrix.columns), not \(rows) × 1")
        }
        return matrix.values
    }

    /// Writes doubles.
    static func write(_ values: [Double], columns: Int, names: [String]? = nil, to path: String) throws {
        let stem = path.hasSuffix(".json") ? String(path.dropLast(5)) : path
        let data = stem + ".f64"
        let header = Header(
            rows: values.count / columns, columns: columns, dtype: "float64", data: (data as NSString).lastPathComponent, names: names)
        let bytes = values.withUnsafeBytes { Data($0) }
        do {
            try bytes.write(to: URL(fileURLWithPath: data))
            try JSONEncoder().encode(header).write(to: URL(fileURLWithPath: path))
        } catch { throw MatSieveError.input("\(path): cannot be written; check the folder") }
    }

    private static func sibling(_ name: String, of path: String) -> String {
        ((path as NSString).deletingLastPathComponent as NSString).appendingPathComponent(name)
    }

    private static func values<T: BitwiseCopyable>(_ bytes: Data, _ type: T.Type, _ count: Int, _ path: String) throws -> [T] {
        guard bytes.count == count * MemoryLayout<T>.stride else {
            throw MatSieveError.input("\(path): has \(bytes.count) bytes instead of \(count * MemoryLayout<T>.stride)")
        }
        return [T](unsafeUninitializedCapacity: count) { buffer, filled in
            _ = bytes.copyBytes(to: buffer)
            filled = count
        }
    }
}
