/// Features as whole numbers in the order of their values as float32.
enum ComparisonKey {
    /// Above every number.
    static let missing = UInt32.max

    /// Key of a value; not finite as float32 is missing; -0 is 0.
    @inline(__always)
    static func key(_ value: Double) -> UInt32 {
        let x = Float(value) + 0
        return x.isFinite ? key(finite: x) : missing
    }

    /// Key of a finite number.
    @inline(__always)
    static func key(finite x: Float) -> UInt32 {
        let bits = x.bitPattern
        return bits ^ (UInt32(bitPattern: Int32(bitPattern: bits) >> 31) | 0x8000_0000)
    }
}
