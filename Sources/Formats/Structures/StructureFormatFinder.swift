import MaterialsCore
import Synchronization

/// Finds the format of a file: by its ending, the beginning of its name, or else its first bytes.
struct StructureFormatFinder: Sendable {
    /// The format that all files are read with, where the user gave one.
    let forced: StructureFormatEntry?

    /// A file and the format to read it with.
    struct Found {
        /// How to read it.
        var format: StructureFormatEntry
        /// Its bytes from the start.
        var input: ByteInput
    }

    /// Nil where no format reads the file.
    /// - Errors: those of reading the first bytes.
    func find(_ member: FileCollection.Member) throws -> Found? {
        if let forced { return Found(format: forced, input: member.input) }
        let named = FormatRegistry.structures(forFile: member.path)
        if named.count == 1 { return Found(format: named[0], input: member.input) }
        let stream = try member.input.open()
        var start: [UInt8] = []
        try Self.read(stream, upTo: StructureLimits.recognizedBytes, into: &start)
        let candidates = named.isEmpty ? FormatRegistry.structures : named
        var format = candidates.first { $0.recognizes(start.span) }
        if format == nil, !named.isEmpty, start.count == StructureLimits.recognizedBytes {
            // Other things may stand before the first structure; a file that only has these is none of ours, such as one of settings.
            try Self.read(stream, upTo: StructureLimits.searchedBytes, into: &start)
            format = candidates.first { $0.recognizes(start.span) }
        }
        guard let format else { return nil }
        return Found(format: format, input: Self.resumed(member.input, start: start, rest: stream))
    }

    private static func read(_ stream: any ByteStream, upTo count: Int, into start: inout [UInt8]) throws {
        while start.count < count {
            let more = try stream.read(count - start.count)
            if more.isEmpty { break }
            start += more
        }
    }

    /// The same input, whose first opening goes on with the stream that has been looked into: an archive's cannot go back.
    private static func resumed(_ input: ByteInput, start: [UInt8], rest: any ByteStream) -> ByteInput {
        let looked = LookedIntoStream(start: start, rest: rest)
        return ByteInput(path: input.path) { looked.takeOnce() ? looked : try input.open() }
    }
}

/// A stream whose first bytes have been read already.
///
/// One thread at a time reads it, as any stream; only the question who takes it first is shared.
private final class LookedIntoStream: ByteStream, @unchecked Sendable {
    private var start: [UInt8]
    private let rest: any ByteStream
    private let isTaken = Mutex(false)

    init(start: [UInt8], rest: any ByteStream) { (self.start, self.rest) = (start, rest) }

    func takeOnce() -> Bool {
        isTaken.withLock { taken in
            defer { taken = true }
            return !taken
        }
    }

    func read(_ capacity: Int) throws -> [UInt8] {
        if start.isEmpty { return try rest.read(capacity) }
        let part = Array(start.prefix(capacity))
        start.removeFirst(part.count)
        return part
    }
}
