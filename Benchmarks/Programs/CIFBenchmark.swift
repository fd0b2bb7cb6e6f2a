import BenchmarkHarness
import Formats
import Foundation
import MaterialsCore
import Storage

extension Benchmark {
    /// Text of CIFs to structures: cutting, reading, symmetry, merging.
    static let cif = Benchmark(
        name: "cif", unit: "texts", summary: "reads CIF texts into structures (--input FOLDER: all its files; --output FILE: sites and volumes)",
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

    /// The files of a folder in the order of their names, else the frameworks and COFs of `Datasets`.
    init(_ context: BenchmarkContext) throws {
        let datasets = context.datasets + "/structures/"
        let paths = context.options["input"].map { [$0] } ?? [datasets + "cofs.tar.gz", datasets + "frameworks.tar.gz"]
        for path in paths {
            let members = try FileCollection(path: path).open()
            while let member = try members.next() {
                guard member.path.hasSuffix(".cif") else { continue }
                let stream = try member.input.open()
                var bytes: [UInt8] = []
                while case let more = try stream.read(1 << 20), !more.isEmpty { bytes += more }
                texts.append(bytes)
                if context.tiny, texts.count == 5 { return }
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
