import MaterialsCore

/// Elements of type symbols (`Fe3+`, `O2-`, `Cval`) and labels (`Fe1A`, `OW`, `CL2`).
///
/// The first two letters count where they are an element in any case, else the first; so `CA` is calcium, as other readers have it. Deuterium
/// is hydrogen, and water (`Wat`, `OW`, `OH`) its oxygen: hydrogens without a position of their own are not added.
enum CIFElement {
    /// The atomic number; 0 where the text names no element.
    static func atomicNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt8 {
        guard let start = range.first, isLetter(bytes[start]) else { return 0 }
        if range.count > 1, isLetter(bytes[start + 1]) {
            if CIFTokenizer.matches(bytes, start, "wat") { return 8 }
            if range.count > 2, bytes[start + 2] == UInt8(ascii: "3"), CIFTokenizer.matches(bytes, start, "no") { return 7 }
            if let two = ElementSymbols.atomicNumberInAnyCase(bytes.extracting(start..<start + 2)) { return two }
        }
        // T names a tetrahedral site more often than tritium.
        if bytes[start] | 32 == UInt8(ascii: "t") { return 0 }
        return ElementSymbols.atomicNumberInAnyCase(bytes.extracting(start..<start + 1)) ?? 0
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 32) &- UInt8(ascii: "a") < 26 }
}
