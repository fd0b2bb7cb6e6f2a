import MaterialsCore

/// A member's bytes; what is wrong with them is the member's defect, not the run's error.
final class MemberByteStream: ByteStream {
    private let source: any ByteStream
    private let label: String

    init(_ source: any ByteStream, label: String) { (self.source, self.label) = (source, label) }

    func read(_ capacity: Int) throws -> [UInt8] {
        do { return try source.read(capacity) } catch let error as MatSieveError { throw CandidateDefect("damaged-member", error.message) }
    }
}

/// Stops a stream that unpacks to more than it should.
final class LimitedByteStream: ByteStream {
    private let source: any ByteStream
    private let limits: ArchiveLimits
    private let label: String
    private let packedBytes: () -> Int
    private var count = 0

    /// - Parameter packedBytes: bytes of the packed form that were read
    init(_ source: any ByteStream, limits: ArchiveLimits, label: String, packedBytes: @escaping () -> Int) {
        (self.source, self.limits, self.label, self.packedBytes) = (source, limits, label, packedBytes)
    }

    func read(_ capacity: Int) throws -> [UInt8] {
        let bytes = try source.read(capacity)
        count += bytes.count
        guard count <= limits.memberBytes, !limits.isBomb(unpacked: count, packed: packedBytes()) else {
            throw CandidateDefect(
                "archive-bomb", "\(label): unpacks to more than \(limits.memberBytes) bytes, or \(limits.ratio) times its size")
        }
        return bytes
    }
}
