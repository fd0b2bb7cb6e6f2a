import BenchmarkHarness
import Formats
import MaterialsCore
import Storage

extension Benchmark {
    /// Text of structures in JSON to structures and values, on one thread.
    static let structureJSON = Benchmark(
        name: "structure-json", unit: "structures",
        summary: "cuts and decodes structures in JSON: a map, a table, OPTIMADE or lines (--input FILE, also in an archive)",
        optionNames: ["input"]
    ) { context in
        let text = try StructureJSONText(context.options["input"] ?? context.datasets + "/structures/mp_elastic_2015.json.gz")
        let copies = context.tiny ? 1 : 10
        let rows = try text.read().count
        var sum = Double.nan
        return BenchmarkWork(
            rows: rows * copies,
            run: { for _ in 0..<copies { sum = try text.read().sum } },
            checksum: { sum },
            finish: { ["bytes": Double(text.bytes.count * copies)] })
    }
}

/// The text of one file with its format.
private struct StructureJSONText {
    let bytes: [UInt8]
    private let format: StructureFormatEntry
    private let path: String

    init(_ path: String) throws {
        guard let member = try openFileCollection(path: path).open().next() else { throw MatSieveError.usage("\(path): holds no file") }
        let stream = try member.input.open()
        var bytes: [UInt8] = []
        while case let more = try stream.read(1 << 20), !more.isEmpty { bytes += more }
        let known = FormatRegistry.structures.first { $0.recognizes(bytes.span.extracting(first: 4_096)) }
        guard let format = known else { throw MatSieveError.usage("\(path): no structure format reads it") }
        (self.bytes, self.format, self.path) = (bytes, format, member.path)
    }

    /// Structures in it, and their coordinates and atomic numbers added up.
    func read() throws -> (count: Int, sum: Double) {
        let bytes = bytes
        let reader = try format.records(ByteInput(path: path) { WholeText(bytes) })
        var (count, sum) = (0, 0.0)
        while let record = try reader.next() {
            let structure = try format.decode(record).structure
            count += 1
            for position in structure.positions { sum += position.coordinates.sum() }
            for number in structure.atomicNumbers { sum += Double(number) }
        }
        return (count, sum)
    }
}

private final class WholeText: ByteStream {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func read(_ capacity: Int) -> [UInt8] {
        let end = min(position + capacity, bytes.count)
        defer { position = end }
        return Array(bytes[position..<end])
    }
}
