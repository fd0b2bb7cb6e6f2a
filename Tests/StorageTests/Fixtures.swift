import Foundation
import MaterialsCore
import Storage

/// A folder that goes when the test ends.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "matsieve-storage-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func file(_ name: String) -> String { path + "/" + name }

    func write(_ bytes: [UInt8], _ name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

func fileBytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

func readAll(_ input: ByteInput, capacity: Int = 1 << 16) throws -> [UInt8] {
    let stream = try input.open()
    var all: [UInt8] = []
    while case let bytes = try stream.read(capacity), !bytes.isEmpty { all += bytes }
    return all
}

/// The one line of the error that `body` throws, and its kind; nil where it throws nothing.
func failure(_ body: () throws -> Void) -> MatSieveError? {
    do {
        try body()
        return nil
    } catch let error as MatSieveError { return error } catch { return MatSieveError(.usage, "unexpected \(error)") }
}

/// Seeded candidates with everything that columns may hold: empty and non-ASCII texts, NaN, infinities, extreme numbers.
func makeBatches(count: Int, seed: UInt64) -> (schema: CandidateSchema, batches: [CandidateBatch]) {
    let schema = CandidateSchema([
        CandidateColumn(name: "gap", kind: .numeric, unit: "eV"), CandidateColumn(name: "a/b %", kind: .numeric, dataClass: .shared),
        CandidateColumn(name: "space group", kind: .text), CandidateColumn(name: ".", kind: .text),
    ])
    let words = ["", "Fm-3m", "é", "日本語", "quote \" , newline \n", String(repeating: "x", count: 300)]
    let numbers = [Double.nan, -0.0, .infinity, Double.leastNonzeroMagnitude, 1.7976931348623157e308, -3.25]
    var random = SplitMix64(seed: seed)
    var batches: [CandidateBatch] = []
    for start in stride(from: 0, to: count, by: CandidateGrid.batchSize) {
        var batch = CandidateBatch(schema: schema)
        for position in start..<min(start + CandidateGrid.batchSize, count) {
            let parts = (0..<(1 + random.nextInt(below: 6))).map { _ in
                (element: Element(atomicNumber: 1 + random.nextInt(below: 118))!, amount: 0.25 + random.nextUnit() * 7)
            }
            let values = (0..<2).map { _ in
                random.nextInt(below: 3) == 0 ? numbers[random.nextInt(below: numbers.count)] : random.nextUnit()
            }
            batch.append(
                index: CandidateIndex(source: 0, position: position), id: "\(words[random.nextInt(below: 4)])\(position)".utf8,
                composition: Composition(parts), numeric: values, text: (0..<2).map { _ in words[random.nextInt(below: words.count)] })
        }
        batches.append(batch)
    }
    return (schema, batches)
}

func writeStore(
    _ path: String, count: Int, seed: UInt64 = 1, description: StoreDescription = StoreDescription()
) throws -> [CandidateBatch] {
    let (schema, batches) = makeBatches(count: count, seed: seed)
    let writer = try CandidateStoreWriter(path: path, schema: schema, description: description)
    for batch in batches { try writer.append(batch) }
    try writer.finish()
    return batches
}

func readBatches(_ source: any CandidateSource, _ positions: Range<Int>? = nil) throws -> [CandidateBatch] {
    let reader = try source.reader(positions: positions ?? 0..<source.positionCount())
    var batches: [CandidateBatch] = []
    while let pending = try reader.next() {
        let decoded = try pending.decode()
        precondition(decoded.count == CandidateGrid.batchCount(positions: pending.positions.count))
        batches += decoded
    }
    return batches
}

/// All that a batch holds, with numbers as bits so that NaN equals NaN.
struct BatchContent: Equatable {
    let indices: [CandidateIndex]
    let ids: TextColumn
    let offsets: [Int]
    let atomicNumbers: [UInt8]
    let amounts: [UInt64]
    let numeric: [[UInt64]]
    let text: [TextColumn]

    init(_ batch: CandidateBatch) {
        (indices, ids, offsets) = (batch.indices, batch.ids, batch.compositionOffsets)
        (atomicNumbers, amounts) = (batch.atomicNumbers, batch.amounts.map(\.bitPattern))
        (numeric, text) = (batch.numericColumns.map { $0.map(\.bitPattern) }, batch.textColumns)
    }
}
