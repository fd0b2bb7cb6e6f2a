import Formats
import Glibc
import MaterialsCore

/// A file in memory that hands out a few bytes at a time, so that records are cut across chunks.
private final class FuzzedStream: ByteStream {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func read(_ capacity: Int) -> [UInt8] {
        let end = min(position + min(capacity, 509), bytes.count)
        defer { position = end }
        return Array(bytes[position..<end])
    }
}

/// The format that the environment names.
private let format: StructureFormatEntry = {
    guard let name = getenv("MATSIEVE_FUZZ_FORMAT"), let entry = try? FormatRegistry.structure(named: String(cString: name)) else {
        fatalError("MATSIEVE_FUZZ_FORMAT must name one of \(FormatRegistry.structures.map(\.name).joined(separator: ", "))")
    }
    return entry
}()

/// Reads all records of a file and checks what comes out of them.
private func readRecords(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    _ = format.recognizes(bytes.span)
    guard let reader = try? format.records(ByteInput(path: "fuzzed") { FuzzedStream(bytes) }) else { return 0 }
    var count = 0
    while let record = try? reader.next() {
        count += 1
        precondition(count <= bytes.count + 1, "more records than bytes")
        guard let decoded = try? format.decode(record) else { continue }
        let structure = decoded.structure
        precondition(structure.atomicNumbers.allSatisfy { (1...118).contains($0) })
        precondition(structure.sites.isEmpty || structure.sites.first == 0)
        try? StructureValidation.check(structure)
    }
    return 0
}

/// libFuzzer's loop over inputs; the package manager makes the `main` of executables itself, so that of libFuzzer is not used.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ readInput: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

@main enum FormatFuzzing {
    static func main() {
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(runFuzzer(&count, &arguments) { readRecords($0, $1) })
    }
}
