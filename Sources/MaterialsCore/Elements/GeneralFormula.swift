/// The whole grammar of formulas: brackets, formula units, charges, unicode; one character at a time, with the column of any fault.
struct GeneralFormula: Sendable {
    /// An open bracket, or the whole formula.
    private struct Level {
        var closing: UInt8
        var column: Int
        var firstPart: Int
        var unitStart: Int
        var coefficient: Double?
    }

    /// One byte a character: ASCII, or what `FormulaCharacters` makes of the rest.
    private var characters: [UInt8] = []
    private var position = 0
    private var levels: [Level] = []
    private var partNumbers: [UInt8] = []
    private var partAmounts: [Double] = []
    private var sums = [Double](repeating: 0, count: 119)
    private(set) var warnings: [FormulaWarning] = []
    private(set) var charge: Int?

    /// Deepest nesting of brackets.
    private static let deepest = 32
    /// Largest amount that is taken seriously.
    private static let largestAmount = 1e12

    /// Adds what was read, in ascending atomic number.
    func append(to atomicNumbers: inout [UInt8], _ amounts: inout [Double]) {
        for z in 1...118 where sums[z] > 0 {
            atomicNumbers.append(UInt8(z))
            amounts.append(sums[z])
        }
    }

    /// Reads a formula.
    mutating func read(_ text: Span<UInt8>) throws(FormulaError) {
        try FormulaCharacters.decode(text, into: &characters)
        position = 0
        charge = nil
        warnings.removeAll(keepingCapacity: true)
        partNumbers.removeAll(keepingCapacity: true)
        partAmounts.removeAll(keepingCapacity: true)
        levels.removeAll(keepingCapacity: true)
        levels.append(Level(closing: 0, column: 0, firstPart: 0, unitStart: 0))
        do throws(FormulaError) {
            while true {
                let spaced = skipSpaces()
                guard position < characters.count else { break }
                try readPart(afterSpace: spaced)
            }
            try finish()
        } catch { throw FormulaCharacters.restored(error, text) }
    }

    private mutating func readPart(afterSpace: Bool) throws(FormulaError) {
        let c = characters[position]
        switch c {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): try readElement()
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
            if let end = bracketedChargeEnd() { try readCharge(from: position + 1, to: end, next: end + 1) } else { try open(c) }
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): try close(c)
        case UInt8(ascii: "*"): try separate()
        case UInt8(ascii: "^"): try readCharge(from: position + 1, to: characters.count, next: characters.count)
        case FormulaCharacters.superscripts: try readCharge(from: position, to: characters.count, next: characters.count)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."): try readLeadingNumber(afterSpace: afterSpace)
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            guard afterSpace else { throw fault("a sign cannot stand here; a charge is written ^2+, (2+) or after a space") }
            try readCharge(from: position, to: characters.count, next: characters.count)
        case UInt8(ascii: "a")...UInt8(ascii: "z"): throw lowerCaseFault()
        default: throw fault(FormulaCharacters.unexpected)
        }
    }

    // MARK: Elements and brackets

    private mutating func readElement() throws(FormulaError) {
        let start = position
        position += 1
        while position < characters.count, characters[position] &- UInt8(ascii: "a") < 26 { position += 1 }
        let letters = characters[start..<position]
        var z = FormulaCharacters.atomicNumber(letters)
        if z == 0, letters.count == 1, letters[start] == UInt8(ascii: "D") || letters[start] == UInt8(ascii: "T") {
            z = 1
            warnings.append(FormulaWarning(.hydrogenIsotope, column: start + 1))
        }
        if z == 0 {
            let symbol = String(decoding: letters.prefix(12), as: UTF8.self)
            let (before, next) = (start > 0 ? characters[start - 1] : 0, position < characters.count ? characters[position] : 0)
            throw fault("unknown element '\(symbol)'\(FormulaCharacters.suggestion(symbol, after: before, before: next))", at: start)
        }
        partNumbers.append(z)
        partAmounts.append(try trailingAmount() ?? 1)
    }

    private mutating func open(_ c: UInt8) throws(FormulaError) {
        if levels.count > Self.deepest { throw fault("brackets are nested more than \(Self.deepest) deep") }
        let closing = c == UInt8(ascii: "(") ? UInt8(ascii: ")") : c + 2
        levels.append(Level(closing: closing, column: position, firstPart: partNumbers.count, unitStart: partNumbers.count))
        position += 1
    }

    private mutating func close(_ c: UInt8) throws(FormulaError) {
        let level = levels[levels.count - 1]
        if levels.count == 1 { throw fault("'\(Character(Unicode.Scalar(c)))' closes nothing") }
        if c != level.closing {
            throw fault("'\(Character(Unicode.Scalar(level.closing)))' expected for the bracket of column \(level.column + 1)")
        }
        if level.firstPart == partNumbers.count, level.coefficient == nil { throw fault("the bracket is empty") }
        try endUnit()
        levels.removeLast()
        position += 1
        if let amount = try trailingAmount() { multiply(from: level.firstPart, by: amount) }
    }

    private mutating func separate() throws(FormulaError) {
        if levels[levels.count - 1].unitStart == partNumbers.count { throw fault("a formula unit is missing before the dot") }
        try endUnit()
        position += 1
        _ = skipSpaces()
        guard position < characters.count, charge == nil else { throw fault("a formula unit is missing after the dot") }
    }

    private mutating func endUnit() throws(FormulaError) {
        let last = levels.count - 1
        if levels[last].unitStart == partNumbers.count { throw fault("a formula unit is missing") }
        if let coefficient = levels[last].coefficient { multiply(from: levels[last].unitStart, by: coefficient) }
        levels[last].unitStart = partNumbers.count
        levels[last].coefficient = nil
    }

    private mutating func multiply(from first: Int, by factor: Double) {
        for k in first..<partAmounts.count { partAmounts[k] *= factor }
    }

    private mutating func finish() throws(FormulaError) {
        if levels.count > 1 {
            let level = levels[levels.count - 1]
            throw fault("the bracket is never closed", at: level.column)
        }
        if partNumbers.isEmpty, levels[0].coefficient == nil {
            throw fault(characters.isEmpty || charge == nil ? "the formula is empty" : "there is no element", at: 0)
        }
        try endUnit()
        for z in 0..<119 { sums[z] = 0 }
        for k in partNumbers.indices { sums[Int(partNumbers[k])] += partAmounts[k] }
        if !sums.contains(where: { $0 > 0 }) { throw fault("all amounts are zero", at: 0) }
        if sums.contains(where: { !($0 <= Self.largestAmount) }) { throw fault("an amount is too large", at: 0) }
    }

    // MARK: Numbers

    private mutating func readLeadingNumber(afterSpace: Bool) throws(FormulaError) {
        let last = levels.count - 1
        if afterSpace, isCharge(from: position, to: characters.count) {
            return try readCharge(from: position, to: characters.count, next: characters.count)
        }
        guard levels[last].unitStart == partNumbers.count, levels[last].coefficient == nil else {
            throw fault("a number cannot stand here; an amount follows its element at once, a formula unit comes after '·' or '*'")
        }
        levels[last].coefficient = try number()
    }

    /// The amount after an element or bracket, or nil.
    private mutating func trailingAmount() throws(FormulaError) -> Double? {
        let start = position
        let spaced = skipSpaces()
        guard position < characters.count, isNumeric(characters[position]), !spaced || isIsolatedNumber() else {
            position = start
            return nil
        }
        let first = position
        let amount = try number()
        warnIfUnitFollows(number: first)
        return amount
    }

    /// True where a space, the end, a closing bracket or a dot follows the number at `position`.
    private func isIsolatedNumber() -> Bool {
        var k = position
        while k < characters.count, isNumeric(characters[k]) { k += 1 }
        return k == characters.count ? !isCharge(from: position, to: k) : FormulaCharacters.endsNumber(characters[k])
    }

    private mutating func number() throws(FormulaError) -> Double {
        let start = position
        var point: Int?
        while position < characters.count, isNumeric(characters[position]) {
            if characters[position] == UInt8(ascii: ".") {
                if point != nil { throw fault("a number has one decimal point") }
                point = position
            }
            position += 1
        }
        if let point, point + 1 == position {
            let open = position < characters.count && !FormulaCharacters.endsNumber(characters[position])
            if open || point == start {
                throw fault("'.' is a decimal point and needs digits; write '·' or '*' between formula units", at: point)
            }
        }
        let value = FormulaCharacters.decimal(characters[start..<position])
        if !(value <= Self.largestAmount) { throw fault("the number is too large", at: start) }
        return value
    }

    private mutating func warnIfUnitFollows(number start: Int) {
        let digits = characters[start..<position]
        guard let point = digits.firstIndex(of: UInt8(ascii: ".")), point + 1 < position else { return }
        if point > start, digits[start..<point].allSatisfy({ $0 == UInt8(ascii: "0") }) { return }
        if FormulaCharacters.solventFollows(characters, position) { warnings.append(FormulaWarning(.decimalBeforeUnit, column: point + 1)) }
    }

    private func isNumeric(_ c: UInt8) -> Bool { c &- UInt8(ascii: "0") < 10 || c == UInt8(ascii: ".") }

    // MARK: Charges

    private func bracketedChargeEnd() -> Int? {
        guard characters[position] == UInt8(ascii: "(") else { return nil }
        let rest = characters[(position + 1)...]
        guard let end = rest.firstIndex(of: UInt8(ascii: ")")), isCharge(from: position + 1, to: end) else { return nil }
        return end
    }

    /// Digits and one sign, before or after them, and spaces at the end.
    private func isCharge(from start: Int, to end: Int) -> Bool { FormulaCharacters.charge(characters[start..<end]) != nil }

    private mutating func readCharge(from start: Int, to end: Int, next: Int) throws(FormulaError) {
        guard let value = FormulaCharacters.charge(characters[start..<end]) else {
            throw fault("a charge is a number and a sign at the end, such as ^2+")
        }
        if levels.count > 1 { throw fault("a charge stands at the end of the formula, not in a bracket") }
        if partNumbers.isEmpty { throw fault("a charge follows a formula") }
        position = next
        _ = skipSpaces()
        if position < characters.count { throw fault("nothing can follow the charge") }
        charge = value
    }

    // MARK: Characters

    private mutating func skipSpaces() -> Bool {
        let start = position
        while position < characters.count, characters[position] == UInt8(ascii: " ") { position += 1 }
        return position > start
    }

    private func lowerCaseFault() -> FormulaError {
        var end = position
        while end < characters.count, characters[end] &- UInt8(ascii: "a") < 26 { end += 1 }
        let word = characters[position..<end]
        let capital = [word[position] - 32] + word.dropFirst()
        let hint = FormulaCharacters.atomicNumber(capital[...]) == 0 ? "" : "; did you mean '\(String(decoding: capital, as: UTF8.self))'?"
        return fault("an element starts with a capital letter, not '\(String(decoding: word.prefix(12), as: UTF8.self))'\(hint)")
    }

    private func fault(_ reason: String, at index: Int? = nil) -> FormulaError {
        FormulaError(column: (index ?? position) + 1, reason: reason)
    }
}
