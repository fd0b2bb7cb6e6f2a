import MaterialsCore

/// Elements of type symbols (`Fe3+`, `O2-`, `Cval`) and labels (`Fe1A`, `OW`, `CL2`).
///
/// The first two letters count where they are an element in any case, else the first; so `CA` is calcium, as other readers have it. Deuterium
/// is hydrogen, and water (`Wat`, `OW`, `OH`) its oxygen: hydrogens without a position of their own are not added.
enum CIFElement {
    /// The atomic number; 0 where the text names no element.
    static func atomicNumber(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt8 {
        guard let start = range.first else { return 0 }
        let first = letter(bytes[start])
        if first == 0 { return 0 }
        let second = range.count > 1 ? letter(bytes[start + 1]) : 0
        if second != 0 {
            if CIFTokenizer.matches(bytes, start, "wat") { return 8 }
            if first == 14, second == 15, range.count > 2, bytes[start + 2] == UInt8(ascii: "3") { return 7 }
            let two = table[first * 27 + second]
            if two != 0 { return two }
        }
        return table[first * 27]
    }

    /// 1 for A or a … 26; 0 for anything else.
    private static func letter(_ byte: UInt8) -> Int {
        let b = byte | 32
        return b >= 97 && b <= 122 ? Int(b) - 96 : 0
    }

    /// By first letter × 27 + second letter or 0.
    private static let table: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 27 * 27)
        for (number, symbol) in Element.symbols.enumerated().dropFirst() {
            let letters = symbol.utf8.map(letter)
            table[letters[0] * 27 + (letters.count > 1 ? letters[1] : 0)] = UInt8(number)
        }
        table[letter(UInt8(ascii: "D")) * 27] = 1
        return table
    }()
}
