import Foundation

/// The repository's root.
public let repositoryRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Bytes of a file under `Datasets`, unpacked where its name ends in `.gz`.
public func dataset(_ path: String) throws -> Data {
    let url = repositoryRoot.appending(path: "Datasets").appending(path: path)
    return path.hasSuffix(".gz") ? try unpackedFile(url) : try Data(contentsOf: url)
}

/// What a `.gz` file holds.
public func unpackedFile(_ url: URL) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", url.path(percentEncoded: false)]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileReadCorruptFile) }
    return data
}

/// A CSV of values made by another code: a formula, then numbers (NaN where empty).
public struct ReferenceTable: Sendable {
    /// Labels of the values.
    public var labels: [String]
    /// First column.
    public var formulas: [String]
    /// Rows of values.
    public var values: [[Double]]

    /// Reads a table under `Datasets`; it must not have quoted cells.
    public init(_ path: String) throws {
        let lines = String(decoding: try dataset(path), as: UTF8.self).split(separator: "\n")
        labels = lines[0].split(separator: ",", omittingEmptySubsequences: false).dropFirst().map(String.init)
        (formulas, values) = ([], [])
        for line in lines.dropFirst() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            formulas.append(String(cells[0]))
            values.append(cells.dropFirst().map { Double($0) ?? .nan })
        }
    }
}
