import Foundation
import MaterialsCore

/// The matrices that peer scripts exchange: a JSON header beside raw little-endian values, row after row.
struct MatrixFile: Codable {
    var rows: Int
    var columns: Int
    var dtype = "float64"
    var data = ""
    var names: [String]?

    init(rows: Int, columns: Int, names: [String]? = nil) { (self.rows, self.columns, self.names) = (rows, columns, names) }

    /// Reads a matrix of float32 or float64; at most `rowLimit` rows.
    static func read(_ path: String, rowLimit: Int = .max) throws -> FeatureMatrix {
        let url = URL(filePath: path)
        guard let text = try? Data(contentsOf: url), let header = try? JSONDecoder().decode(MatrixFile.self, from: text) else {
            throw MatSieveError.input("\(path): cannot be read as the header of a matrix")
        }
        let size = header.dtype == "float32" ? 4 : 8
        guard ["float32", "float64"].contains(header.dtype) else {
            throw MatSieveError.input("\(path): dtype \(header.dtype) is not float32 or float64")
        }
        guard let bytes = try? Data(contentsOf: url.deletingLastPathComponent().appending(path: header.data)),
            bytes.count == header.rows * header.columns * size
        else { throw MatSieveError.input("\(path): \(header.data) is missing or not of \(header.rows) × \(header.columns) values") }
        let rows = min(header.rows, rowLimit)
        let values = bytes.withUnsafeBytes { raw in
            (0..<rows * header.columns).map { i in
                size == 4
                    ? Double(raw.loadUnaligned(fromByteOffset: 4 * i, as: Float.self))
                    : raw.loadUnaligned(fromByteOffset: 8 * i, as: Double.self)
            }
        }
        return FeatureMatrix(rows: rows, columns: header.columns, values: values)
    }

    /// Writes float64 values under this header.
    func write(_ values: [Double], to path: String) throws {
        let url = URL(filePath: path)
        var header = self
        let file = url.deletingPathExtension().appendingPathExtension("f64")
        header.data = file.lastPathComponent
        do {
            try values.withUnsafeBytes { try Data($0).write(to: file) }
            try JSONEncoder().encode(header).write(to: url)
        } catch { throw MatSieveError.input("cannot write \(path): \(error.localizedDescription)") }
    }
}
