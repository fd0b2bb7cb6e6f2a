import MaterialsCore

/// Atomic numbers of symbols, by their bytes.
enum ElementSymbols {
    /// The atomic number of a symbol in its usual case (`Na`); deuterium and tritium (`D`, `T`) are hydrogen; nil where there is none.
    static func atomicNumber(_ symbol: Span<UInt8>) -> UInt8? {
        guard symbol.count == 1 || symbol.count == 2 else { return nil }
        let number = numbers[place(symbol[0], symbol.count == 2 ? symbol[1] : 0)]
        return number == 0 ? nil : number
    }

    /// The same in any case: `NA`, `na`.
    static func atomicNumberInAnyCase(_ symbol: Span<UInt8>) -> UInt8? {
        guard symbol.count == 1 || symbol.count == 2, isLetter(symbol[0]) else { return nil }
        let second = symbol.count == 2 ? symbol[1] : 0
        if symbol.count == 2, !isLetter(second) { return nil }
        let number = numbers[place(symbol[0] & 0xdf, symbol.count == 2 ? second | 32 : 0)]
        return number == 0 ? nil : number
    }

    private static func isLetter(_ c: UInt8) -> Bool { (c | 32) &- UInt8(ascii: "a") < 26 }

    /// Bytes beyond ASCII have the place of no element.
    private static func place(_ first: UInt8, _ second: UInt8) -> Int { first | second > 127 ? 0 : Int(first) << 7 | Int(second) }

    /// By the two bytes of the symbol, the second 0 where there is one; 0 where there is no element.
    private static let numbers: [UInt8] = {
        var numbers = [UInt8](repeating: 0, count: 1 << 14)
        for z in 1...118 {
            let symbol = Array(Element.symbols[z].utf8)
            numbers[place(symbol[0], symbol.count == 2 ? symbol[1] : 0)] = UInt8(z)
        }
        numbers[place(UInt8(ascii: "D"), 0)] = 1
        numbers[place(UInt8(ascii: "T"), 0)] = 1
        return numbers
    }()
}
