import CDeflate
import CHDF5
import MaterialsCore

/// How the bytes of a chunk are stored: shuffled, deflated (zlib), both or neither.
///
/// Done here and not in the library, so that it runs in any number of threads.
///
/// - Cost: about 340 MB/s a thread for decoding typical columns.
/// - Source: HDF5 file format specification, filters 1 (deflate) and 2 (shuffle).
struct ChunkCodec: Sendable, Equatable {
    /// Compression level of everything written.
    static let level = 5
    private static let deflateFilter: H5Z_filter_t = 1
    private static let shuffleFilter: H5Z_filter_t = 2

    /// Bytes of an element, for the shuffle.
    let elementSize: Int
    let isShuffled: Bool
    let isDeflated: Bool

    /// What datasets written here use.
    init(elementSize: Int) { (self.elementSize, isShuffled, isDeflated) = (elementSize, true, true) }

    /// Reads the filters of a dataset; nil where there is one that only the library knows.
    init?(filtersOf creation: hid_t, elementSize: Int) {
        var filters: [H5Z_filter_t] = []
        for i in 0..<max(H5Pget_nfilters(creation), 0) {
            var flags: UInt32 = 0
            var count = 0
            var setting: UInt32 = 0
            filters.append(H5Pget_filter2(creation, UInt32(i), &flags, &count, nil, 0, nil, &setting))
        }
        let known: [[H5Z_filter_t]] = [[], [Self.shuffleFilter], [Self.deflateFilter], [Self.shuffleFilter, Self.deflateFilter]]
        guard known.contains(filters) else { return nil }
        self.elementSize = elementSize
        isShuffled = filters.contains(Self.shuffleFilter)
        isDeflated = filters.contains(Self.deflateFilter)
    }

    /// Encodes a whole chunk.
    func encode(_ bytes: [UInt8]) -> [UInt8] {
        let shuffled = isShuffled ? shuffle(bytes) : bytes
        guard isDeflated else { return shuffled }
        let compressor = libdeflate_alloc_compressor(Int32(Self.level))!
        defer { libdeflate_free_compressor(compressor) }
        let bound = libdeflate_zlib_compress_bound(compressor, shuffled.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            count = libdeflate_zlib_compress(compressor, shuffled, shuffled.count, output.baseAddress, bound)
        }
    }

    /// Decodes a chunk of `size` bytes; `skipped` has a bit set for each filter that the writer left out. Nil where it is damaged.
    func decode(_ stored: [UInt8], size: Int, skipped: UInt32) -> [UInt8]? {
        let skipsShuffle = isShuffled && skipped & 1 != 0
        let skipsDeflate = isDeflated && skipped & (isShuffled ? 2 : 1) != 0
        guard let inflated = isDeflated && !skipsDeflate ? inflate(stored, size: size) : stored, inflated.count == size else { return nil }
        return isShuffled && !skipsShuffle ? unshuffle(inflated) : inflated
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
        let high = UInt32(input[i + 4 * n]) | UInt32(input[i + 5 * n]) << 8 | UInt32(input[i + 6 * n]) << 16 | UInt32(input[i + 7 * n]) << 24
        words.storeBytes(of: (UInt64(high) << 32 | UInt64(low)).littleEndian, toByteOffset: 8 * i, as: UInt64.self)
    }
}
