import CZlib
import MaterialsCore

/// Inflates a gzip file as it is read; concatenated members count as one, zero padding at the end is ignored.
///
/// - Errors: `MatSieveError.input` where the stream is truncated, corrupt, or followed by something else.
public final class GzipByteStream: ByteStream {
    static let magic: [UInt8] = [0x1f, 0x8b]
    private static let inputSize = 1 << 16

    private let source: any ByteStream
    private let path: String
    // zlib keeps a pointer to this structure, so it must not move.
    private let inflater: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    private var consumed = 0
    private var isBetweenMembers = false
    private var isAtEnd = false

    /// Reads `source`, which starts with a gzip member; `path` is for messages.
    public init(_ source: any ByteStream, path: String) throws {
        (self.source, self.path) = (source, path)
        inflater = .allocate(capacity: 1)
        inflater.initialize(to: z_stream())
        let code = inflateInit2_(inflater, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else { throw MatSieveError.input("\(path): cannot be decompressed (zlib error \(code))") }
    }

    deinit {
        inflateEnd(inflater)
        inflater.deallocate()
    }

    /// Fills up to `capacity` bytes; an empty array is the end.
    public func read(_ capacity: Int) throws -> [UInt8] {
        precondition(capacity > 0)
        while !isAtEnd {
            if consumed == input.count {
                input = try source.read(Self.inputSize)
                consumed = 0
                if input.isEmpty {
                    guard isBetweenMembers else { throw broken("ends before its gzip stream does", "copy or download it again") }
                    break
                }
            }
            if isBetweenMembers { try startMember() }
            let bytes = isBetweenMembers ? [] : try inflateSome(capacity)
            if !bytes.isEmpty { return bytes }
        }
        isAtEnd = true
        return []
    }

    private func broken(_ what: String, _ cure: String) -> MatSieveError { .input("\(path): \(what); \(cure)") }

    /// Skips padding; more bytes start another member.
    private func startMember() throws {
        while consumed < input.count && input[consumed] == 0 { consumed += 1 }
        if consumed == input.count { return }
        guard input[consumed] == Self.magic[0] else {
            throw broken("holds bytes after its gzip stream that are not gzip", "make it again with gzip")
        }
        inflateReset(inflater)
        isBetweenMembers = false
    }

    private func inflateSome(_ capacity: Int) throws -> [UInt8] {
        var code = Z_OK
        let available = input.count - consumed
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            input.withUnsafeMutableBufferPointer { bytes in
                inflater.pointee.next_in = bytes.baseAddress! + consumed
                inflater.pointee.avail_in = UInt32(available)
                inflater.pointee.next_out = output.baseAddress
                inflater.pointee.avail_out = UInt32(clamping: capacity)
                code = inflate(inflater, Z_NO_FLUSH)
            }
            count = min(capacity, Int(UInt32.max)) - Int(inflater.pointee.avail_out)
        }
        consumed = input.count - Int(inflater.pointee.avail_in)
        switch code {
        case Z_STREAM_END: isBetweenMembers = true
        case Z_OK, Z_BUF_ERROR: break
        default: throw broken("is not a sound gzip stream (corrupt data)", "copy or download it again")
        }
        return bytes
    }
}
