/// What the characters and words of a formula mean.
enum FormulaCharacters {
    /// Superscript digits are `superscripts.lowerBound` + digit, then plus and minus.
    static let superscripts: ClosedRange<UInt8> = 0x80...0x8b
    private static let superscriptPlus: UInt8 = 0x8a
    private static let superscriptMinus: UInt8 = 0x8b
    private static let other: UInt8 = 0xff
    /// Stands for the message that shows the character, which only the text still has.
    static let unexpected = "unexpected"

    /// One byte a character, so that an index is a column.
    static func decode(_ text: Span<UInt8>, into characters: inout [UInt8]) throws(FormulaError) {
        characters.removeAll(keepingCapacity: true)
        var i = 0
        while i < text.count {
            let c = text[i]
            if c < 0x80 {
                characters.append(c == 9 ? UInt8(ascii: " ") : c)
                i += 1
                continue
            }
            let (scalar, length) = scalar(text, i)
            if length == 0 { throw FormulaError(column: characters.count + 1, reason: "the text is not UTF-8") }
            characters.append(meaning(scalar))
            i += length
        }
    }

    private static func scalar(_ text: Span<UInt8>, _ i: Int) -> (value: UInt32, length: Int) {
        let first = text[i]
        let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
        if first < 0xc2 || first > 0xf4 || i + length > text.count { return (0, 0) }
        var value = UInt32(first) & (0xff >> UInt32(length + 1))
        for k in 1..<length {
            if text[i + k] & 0xc0 != 0x80 { return (0, 0) }
            value = value << 6 | UInt32(text[i + k] & 0x3f)
        }
        let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        return value < smallest || Unicode.Scalar(value) == nil ? (0, 0) : (value, length)
    }

    private static func meaning(_ scalar: UInt32) -> UInt8 {
        switch scalar {
        case 0x2080...0x2089: UInt8(ascii: "0") + UInt8(scalar - 0x2080)
        case 0xff10...0xff19: UInt8(ascii: "0") + UInt8(scalar - 0xff10)
        // Middle dot, bullet, dot operator, hyphenation point, bullet operator, katakana middle dots.
        case 0xb7, 0x2022, 0x22c5, 0x2027, 0x2219, 0x30fb, 0xff65: UInt8(ascii: "*")
        case 0xa0, 0x2000...0x200a, 0x202f, 0x3000: UInt8(ascii: " ")
        case 0x2212: UInt8(ascii: "-")
        case 0x2070, 0x2074...0x2079: superscripts.lowerBound + UInt8(scalar - 0x2070)
        case 0xb9: superscripts.lowerBound + 1
        case 0xb2, 0xb3: superscripts.lowerBound + UInt8(scalar - 0xb0)
        case 0x207a: superscriptPlus
        case 0x207b: superscriptMinus
        default: other
        }
    }

    /// The error with the character that was not expected.
    static func restored(_ error: FormulaError, _ text: Span<UInt8>) -> FormulaError {
        guard error.reason == unexpected else { return error }
        var bytes: [UInt8] = []
        for i in text.indices { bytes.append(text[i]) }
        let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
        let scalar = scalars[scalars.index(scalars.startIndex, offsetBy: error.column - 1)]
        let shown = scalar.value < 0x20 ? scalar.escaped(asASCII: true) : String(Character(scalar))
        return FormulaError(column: error.column, reason: "unexpected '\(shown)'")
    }

    /// 0 where there is no such element.
    static func atomicNumber(_ letters: ArraySlice<UInt8>) -> UInt8 {
        guard let first = letters.first, letters.count <= 2 else { return 0 }
        let second = letters.count == 2 ? Int(letters[letters.startIndex + 1] & 31) : 0
        return SymbolTable.atomicNumbers[Int(first - UInt8(ascii: "A")) << 5 | second]
    }

    /// `; did you mean …` where one element is clearly meant, or how to write a common abbreviation.
    static func suggestion(_ symbol: String, after before: UInt8, before next: UInt8) -> String {
        let letters = Array(symbol.utf8)
        if symbol == "M", next == UInt8(ascii: "A") { return "; write methylammonium as (CH3NH3)" }
        if symbol == "A", before == UInt8(ascii: "F") { return "; write formamidinium as (CH(NH2)2)" }
        if let group = groups[symbol] { return "; write the group as \(group)" }
        // FE: the letter before and this one, in the usual case.
        let joined = [before, (letters.first ?? 0) | 32]
        if letters.count == 1, before &- UInt8(ascii: "A") < 26, atomicNumber(joined[...]) != 0 {
            return "; did you mean '\(String(decoding: joined, as: UTF8.self))'?"
        }
        let near = Element.symbols.dropFirst().filter {
            $0.utf8.first == letters.first && ($0.utf8.count == letters.count && letters.count == 2 || letters.starts(with: $0.utf8))
        }
        return near.count == 1 ? "; did you mean '\(near[near.startIndex])'?" : ""
    }

    private static let groups = ["Me": "(CH3)", "Et": "(C2H5)", "Bu": "(C4H9)", "Ph": "(C6H5)"]

    /// A space, a closing bracket or a dot.
    static func endsNumber(_ c: UInt8) -> Bool {
        c == UInt8(ascii: " ") || c == UInt8(ascii: "*") || c == UInt8(ascii: ")") || c == UInt8(ascii: "]") || c == UInt8(ascii: "}")
    }

    /// The value of digits with at most one point, correctly rounded.
    static func decimal(_ digits: ArraySlice<UInt8>) -> Double {
        var mantissa: UInt64 = 0
        let point = digits.firstIndex(of: UInt8(ascii: "."))
        if digits.count > 16 {
            return Double(String(decoding: digits.last == UInt8(ascii: ".") ? digits.dropLast() : digits, as: UTF8.self)) ?? .nan
        }
        for c in digits where c != UInt8(ascii: ".") { mantissa = mantissa * 10 + UInt64(c - UInt8(ascii: "0")) }
        return Double(mantissa) / FormulaParser.powersOfTen[point.map { digits.endIndex - $0 - 1 } ?? 0]
    }

    /// True where a formula unit that crystals commonly take up starts at `start`: water or ammonia.
    static func solventFollows(_ characters: [UInt8], _ start: Int) -> Bool {
        for solvent in ["H2O", "D2O", "NH3", "(H2O)", "(D2O)", "(NH3)"] where characters[start...].starts(with: solvent.utf8) {
            let next = start + solvent.utf8.count
            if next == characters.count { return true }
            let c = characters[next]
            return c &- UInt8(ascii: "a") >= 26 && c &- UInt8(ascii: "0") >= 10
        }
        return false
    }

    /// The charge that digits and one sign tell, plain or superscript, or nil.
    static func charge(_ text: ArraySlice<UInt8>) -> Int? {
        var (digits, sign, count) = (0, 0, 0)
        for c in text.prefix(while: { $0 != UInt8(ascii: " ") }) {
            switch c {
            case UInt8(ascii: "+"), superscriptPlus: if sign != 0 { return nil } else { sign = 1 }
            case UInt8(ascii: "-"), superscriptMinus: if sign != 0 { return nil } else { sign = -1 }
            case UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...0x89:
                digits = digits * 10 + Int(c & 15)
                count += 1
                if count > 3 { return nil }
            default: return nil
            }
        }
        let rest = text.drop { $0 != UInt8(ascii: " ") }
        guard sign != 0, rest.allSatisfy({ $0 == UInt8(ascii: " ") }) else { return nil }
        // +2 and 2+, not 1+2.
        let first = text.first ?? 0
        let signFirst = first == UInt8(ascii: "+") || first == UInt8(ascii: "-") || first == superscriptPlus || first == superscriptMinus
        let lastShown = text.dropLast(rest.count).last ?? 0
        let signLast = lastShown & 0x70 != 0x30 && !(0x80...0x89).contains(lastShown)
        guard signFirst || signLast else { return nil }
        return sign * (count == 0 ? 1 : digits)
    }
}
