import MaterialsCore

/// Goes through the members of an archive, in its own order.
///
/// Nothing is written to disk. Only one thread may use a reader and what it hands out.
///
/// - Errors: `MatSieveError.input` where the archive is damaged or cut off between members; `CandidateDefect` for a member.
final class ArchiveMemberReader: FileMemberReader {
    private static let maximumRestarts = 100
    private let path: String
    private let kind: ArchiveKind
    private let limits: ArchiveLimits
    private let packedSize: Int
    private var handle: ArchiveHandle
    private var current: ArchiveMember?
    private var count = 0
    private var restarts = 0
    private var unpacked = 0
    private var hasEnded = false

    init(_ path: String, kind: ArchiveKind, limits: ArchiveLimits) throws {
        (self.path, self.kind, self.limits) = (path, kind, limits)
        packedSize = try FileByteStream(path: path).size
        handle = try ArchiveHandle(path: path)
    }

    func next() throws -> FileCollection.Member? {
        while !hasEnded {
            try leaveCurrent()
            guard let header = try handle.nextHeader() else { break }
            count += 1
            guard count <= limits.members else { throw MatSieveError.input("\(path): holds more than \(limits.members) members; split it") }
            if header.isFile, let member = try member(header) { return member }
            try refuseBomb(header)
        }
        hasEnded = true
        return nil
    }

    private func member(_ header: ArchiveHandle.Header) throws -> FileCollection.Member? {
        switch MemberPath.verdict(header.path) {
        case .leaveOut: return nil
        case .refuse: throw MemberPath.unsafe(header.path, in: path)
        case .read: break
        }
        let label = "\(path): \(MemberPath.label(header.path))"
        if header.isEncrypted { throw CandidateDefect("encrypted-member", "\(label) is encrypted; unpack it and give the folder") }
        try refuseBomb(header)
        let member = ArchiveMember(handle, header.path, label: label, limits: limits, unpackedBefore: unpacked, packedSize: packedSize)
        current = member
        return FileCollection.Member(path: MemberPath.label(header.path), input: member.input)
    }

    /// Sizes that a tar states are true, and passing over them costs as much as reading: behind a bomb nothing is read any more.
    private func refuseBomb(_ header: ArchiveHandle.Header) throws {
        guard let size = header.size else { return }
        let (sum, overflows) = unpacked.addingReportingOverflow(size)
        let isPacked = kind == .packedTar
        if isPacked { unpacked = overflows ? Int.max : sum }
        guard size > limits.memberBytes || isPacked && limits.isBomb(unpacked: unpacked, packed: packedSize) else { return }
        if isPacked { hasEnded = true }
        let rest = isPacked ? "; nothing behind it is read" : ""
        let name = MemberPath.printable(header.path)
        throw CandidateDefect("archive-bomb", "\(path): '\(name)' unpacks to \(size) bytes, too many to be sound\(rest)")
    }

    /// Closes the member before; a zip that broke inside of it is opened again and goes on behind it.
    private func leaveCurrent() throws {
        guard let member = current else { return }
        current = nil
        member.isOpen = false
        if kind != .packedTar { unpacked += member.unpacked }
        guard member.isBroken, kind == .zip, restarts < Self.maximumRestarts else { return }
        restarts += 1
        handle = try ArchiveHandle(path: path)
        for _ in 0..<count where try handle.nextHeader() == nil { break }
    }
}
