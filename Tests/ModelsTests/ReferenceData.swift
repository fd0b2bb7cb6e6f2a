import Foundation
import MaterialsCore

/// Files below `Datasets/`, found from this file's own place.
enum ReferenceData {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Datasets/references")

    static func text(_ path: String) throws -> String { try String(contentsOf: folder.appending(path: path), encoding: .utf8) }

    /// Little-endian values of a headerless file.
    static func values<T: BitwiseCopyable>(_ path: String, of type: T.Type) throws -> [T] {
        let bytes = try Data(contentsOf: folder.appending(path: path))
        return bytes.withUnsafeBytes { raw in
            (0..<bytes.count / MemoryLayout<T>.size).map { raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self) }
        }
    }

    /// Columns of a table of numbers by name.
    static func table(_ path: String) throws -> (names: [String], columns: [String: [Double]]) {
        let lines = try text(path).split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        var columns: [String: [Double]] = [:]
        for (j, name) in lines[0].enumerated() { columns[name] = lines.dropFirst().map { Double($0[j])! } }
        return (lines[0], columns)
    }

    /// Steels: fractions of 14 elements, with a column as target.
    static func steels(target: String, task: LearningTask) throws -> (data: TrainingData, folds: [Int]) {
        let (names, columns) = try table("linear_models/steels.csv")
        let elements = Array(names.prefix(14))
        let rows = columns["target"]!.count
        var features = FeatureMatrix(rows: rows, columns: 14)
        for (j, e) in elements.enumerated() { for i in 0..<rows { features[i, j] = columns[e]![i] } }
        let data = TrainingData(features: features, targets: columns[target]!, featureNames: elements, task: task)
        return (data, columns["fold"]!.map { Int($0) })
    }
}

/// Settings as a plan gives them.
func settings(_ values: [String: Double] = [:]) throws -> Settings {
    let mapping = values.sorted { $0.key < $1.key }.map {
        (key: $0.key, line: 3, value: Setting(.number($0.value), line: 3, source: "\($0.value)"))
    }
    return try Settings(Setting(.mapping(mapping), line: 2), subject: "model")
}

extension [Double] {
    /// Bits, so that NaN equals NaN.
    var bits: [UInt64] { map(\.bitPattern) }
}

func largestDifference(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { ($0 - $1).magnitude }.max() ?? 0 }
