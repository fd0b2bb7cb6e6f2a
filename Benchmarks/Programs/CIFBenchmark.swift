import BenchmarkHarness
import Formats
import Foundation
import MaterialsCore
import Storage

extension Benchmark {
    /// Text of CIFs to structures: cutting, reading, symmetry, merging.
    static let cif = Benchmark(
        name: "cif", unit: "texts",
        summary: "reads CIF texts into structures (--input FOLDER: all its files; --output FILE: sites and volumes)",
        optionNames: ["input", "output"]
    ) { context in
        let texts = try CIFTexts(context)
        let output = context.options["output"]
        var outcome = CIFTexts.Outcome()
        return BenchmarkWork(
            rows: texts.texts.count, run: { outcome = texts.read() }, checksum: { outcome.checksum },
            finish: {
                if let output {
                    let lines = outcome.lines.map { "\($0.sites),\($0.volume)" }
                    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: output))
                }
                return ["bytes": Double(texts.byteCount), "read": Double(outcome.lines.count { $0.sites > 0 })]
            })
    }
}

/// CIF texts in memory, so that neither disk nor inflating is timed.
struct CIFTexts {
    /// What was read, a line a text: 0 sites where it is refused.
    struct Outcome {
        var lines: [(sites: Int, volume: Double)] = []

        /// Sites and volumes added up.
        var checksum: Double { lines.reduce(0) { $0 + Double($1.sites) + $1.volume } }
    }

    private(set) var texts: [[UInt8]] = []

    /// Bytes of all texts.
    var byteCount: Int { texts.reduce(0) { $0 + $1.count } }

    /// The files of `--input`, in the order of their names, else the perovskites, COFs and frameworks of `Datasets`.
    init(_ context: BenchmarkContext) throws {
        if let path = context.options["input"] {
            try addFiles(path)
        } else {
            try addCells("cif", ofTable: context.datasets + "/structures/perov5.csv.gz")
            for name in ["cofs", "frameworks"] { try addFiles(context.datasets + "/structures/\(name).tar.gz") }
        }
        if context.tiny { texts.removeSubrange(min(20, texts.count)...) }
    }

    private mutating func addFiles(_ path: String) throws {
        let members = try openFileCollection(path: path).open()
        while let member = try members.next() {
            guard member.path.hasSuffix(".cif") else { continue }
            let stream = try member.input.open()
            var bytes: [UInt8] = []
            while case let more = try stream.read(1 << 20), !more.isEmpty { bytes += more }
            texts.append(bytes)
        }
    }

    private mutating func addCells(_ column: String, ofTable path: String) throws {
        let request = TableRequest(formulaColumn: "formula", columns: [CandidateColumn(name: column, kind: .text)])
        let reader = try FormatRegistry.table(forFile: path).open(try openByteInput(path: path), request).reader(positions: 0..<(1 << 48))
        while let piece = try reader.next() {
            for batch in try piece.decode() {
                let cells = batch.textColumn(column)!
                for row in 0..<batch.count { texts.append(Array(cells.utf8(row))) }
            }
        }
    }

    /// Reads the first block of each text.
    func read() -> Outcome {
        var outcome = Outcome()
        for text in texts {
            let input = ByteInput(path: "text.cif") { WholeText(text) }
            guard let record = try? CIFFormat.records(in: input).next(), let decoded = try? CIFFormat.decode(record) else {
                outcome.lines.append((0, 0))
                continue
            }
            outcome.lines.append((decoded.structure.siteCount, decoded.structure.lattice.volume))
        }
        return outcome
    }
}

/// Hands a text out in chunks.
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
