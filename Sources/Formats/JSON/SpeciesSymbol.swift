import MaterialsCore

/// Elements of species as pymatgen, OPTIMADE and JARVIS write them: `Fe`, `Fe3+`, `O2-`, `Fe3+,spin=5`. D and T are hydrogen.
enum SpeciesSymbol {
    /// The atomic number; 0 where the text names no element, as dummy species do.
    static func atomicNumber(_ text: Span<UInt8>) -> UInt8 {
        guard !text.isEmpty else { return 0 }
        let first = letter(text[0], UInt8(ascii: "A"))
        if first == 0 { return 0 }
        let second = text.count > 1 ? letter(text[1], UInt8(ascii: "a")) : 0
        let length = second == 0 ? 1 : 2
        if text.count > length, !startsCharge(text[length]) { return 0 }
        return table[first * 27 + second]
    }

    private static func startsCharge(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ",")
    }

    /// 1 for the first letter of the alphabet that begins with `a`; 0 for what is none.
    private static func letter(_ byte: UInt8, _ a: UInt8) -> Int { byte &- a < 26 ? Int(byte - a) + 1 : 0 }

    /// By first letter × 27 + second letter or 0.
    private static let table: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 27 * 27)
        for (number, symbol) in Element.symbols.enumerated().dropFirst() {
            let letters = Array(symbol.utf8)
            let second = letters.count > 1 ? letter(letters[1], UInt8(ascii: "a")) : 0
            table[letter(letters[0], UInt8(ascii: "A")) * 27 + second] = UInt8(number)
        }
        for symbol in "DT".utf8 { table[letter(symbol, UInt8(ascii: "A")) * 27] = 1 }
        return table
    }()
}
