import MaterialsCore

/// The member at which an archive stands; its first bytes are kept, so that it can be looked at before it is read.
///
/// `@unchecked Sendable`: only the thread that goes through the archive touches it, as `FileCollection` asks.
final class ArchiveMember: @unchecked Sendable {
    private static let keptBytes = 1 << 20
    private static let blockSize = 1 << 16
    private let handle: ArchiveHandle
    private let path: String
    private let label: String
    private let limits: ArchiveLimits
    private let unpackedBefore: Int
    private let packedSize: Int
    private var kept: [UInt8] = []
    private var isKeepingAll = true
    private var isAtEnd = false
    /// Bytes unpacked so far.
    private(set) var unpacked = 0
    private var failure: (any Error)?
    /// True where unpacking failed.
    var isBroken: Bool { failure != nil }
    /// False once the archive has moved on.
    var isOpen = true

    init(_ handle: ArchiveHandle, _ path: String, label: String, limits: ArchiveLimits, unpackedBefore: Int, packedSize: Int) {
        (self.handle, self.path, self.label, self.limits) = (handle, path, label, limits)
        (self.unpackedBefore, self.packedSize) = (unpackedBefore, packedSize)
    }

    /// Opens it at its start, while no more than the kept bytes were read; gzip is unpacked.
    var input: ByteInput {
        ByteInput(path: label) { [self] in
            guard isKeepingAll else { throw MatSieveError.input("\(label): has been read already, and members can't be read twice") }
            if try fill(upTo: 2), kept.starts(with: GzipByteStream.magic) {
                let stream = try GzipByteStream(Stream(self), path: label)
                let limited = LimitedByteStream(stream, limits: limits, label: label) { [self] in unpacked }
                return MemberByteStream(limited, label: label)
            }
            return Stream(self)
        }
    }

    /// Has `count` bytes at hand; false where there are fewer.
    private func fill(upTo count: Int) throws -> Bool {
        while kept.count < count, !isAtEnd { kept += try unpackMore() }
        return kept.count >= count
    }

    /// What follows the first `position` bytes; empty at the end.
    private func bytes(behind position: Int) throws -> [UInt8] {
        guard position == unpacked else { throw MatSieveError.input("\(label): has been read already, and members can't be read twice") }
        let bytes = try unpackMore()
        if isKeepingAll, kept.count + bytes.count <= Self.keptBytes { kept += bytes } else { isKeepingAll = false }
        return bytes
    }

    private func unpackMore() throws -> [UInt8] {
        guard isOpen else { throw MatSieveError.input("\(label): was left before it was read to its end") }
        if let failure { throw failure }
        if isAtEnd { return [] }
        do {
            let bytes = try handle.read(Self.blockSize, member: path)
            unpacked += bytes.count
            isAtEnd = bytes.isEmpty
            guard unpacked <= limits.memberBytes, !limits.isBomb(unpacked: unpackedBefore + unpacked, packed: packedSize) else {
                throw CandidateDefect("archive-bomb", "\(label): unpacks to \(unpacked) bytes and more, too many to be sound")
            }
            return bytes
        } catch {
            failure = error
            throw error
        }
    }

    private final class Stream: ByteStream {
        private let member: ArchiveMember
        private var position = 0
        private var rest: ArraySlice<UInt8> = []

        init(_ member: ArchiveMember) { self.member = member }

        func read(_ capacity: Int) throws -> [UInt8] {
            if position < member.kept.count {
                let end = min(position + capacity, member.kept.count)
                defer { position = end }
                return Array(member.kept[position..<end])
            }
            if rest.isEmpty {
                let more = try member.bytes(behind: position)
                if position < member.kept.count { return try read(capacity) }
                rest = more[...]
            }
            let taken = Array(rest.prefix(capacity))
            rest = rest.dropFirst(taken.count)
            position += taken.count
            return taken
        }
    }
}
