import MaterialsCore

/// A word of an expression.
enum ExpressionToken: Equatable {
    case number(Double)
    case name(String)
    /// A name in back-quotes or double quotes, always a property.
    case quotedName(String)
    /// A text in single quotes, always the name of a class.
    case text(String)
    case symbol(String)
    case end
}

/// Cuts the text of an expression into words; columns count characters from 1.
struct ExpressionLexer {
    private let characters: [Character]
    private var position = 0

    init(_ text: String) { characters = Array(text) }

    /// An error that shows the place of the fault.
    static func fault(_ text: String, column: Int, _ message: String) -> MatSieveError {
        .usage("expression '\(text)', column \(column): \(message)")
    }

    /// All words with the column where each begins; the last is `end`.
    static func tokens(_ text: String) throws -> [(token: ExpressionToken, column: Int)] {
        var lexer = ExpressionLexer(text)
        var result: [(token: ExpressionToken, column: Int)] = []
        repeat {
            lexer.skipSpaces()
            let column = lexer.position + 1
            result.append((try lexer.next(text), column))
        } while result.last!.token != .end
        return result
    }

    private func peek(_ ahead: Int = 0) -> Character? {
        position + ahead < characters.count ? characters[position + ahead] : nil
    }

    private mutating func skipSpaces() { while peek()?.isWhitespace == true { position += 1 } }

    private mutating func next(_ text: String) throws -> ExpressionToken {
        guard let c = peek() else { return .end }
        if Self.isDigit(c) || c == "." && peek(1).map(Self.isDigit) == true { return try number(text) }
        if Self.isLetter(c) { return .name(take { Self.isLetter($0) || Self.isDigit($0) }) }
        if c == "`" || c == "\"" || c == "'" { return try quoted(text, quote: c) }
        return try symbol(text, c)
    }

    private mutating func take(while test: (Character) -> Bool) -> String {
        let start = position
        while let c = peek(), test(c) { position += 1 }
        return String(characters[start..<position])
    }

    private mutating func number(_ text: String) throws -> ExpressionToken {
        let column = position + 1
        var digits = take { Self.isDigit($0) || $0 == "." }
        if let e = peek(), e == "e" || e == "E" {
            let signed = peek(1) == "+" || peek(1) == "-"
            if peek(signed ? 2 : 1).map(Self.isDigit) == true {
                digits += String(characters[position..<position + (signed ? 2 : 1)])
                position += signed ? 2 : 1
                digits += take(while: Self.isDigit)
            }
        }
        guard let value = Double(digits), value.isFinite, peek().map(Self.isLetter) != true else {
            throw Self.fault(text, column: column, "'\(digits)\(peek().map(String.init) ?? "")' is not a number; write such as 1.5 or 1e-3")
        }
        return .number(value)
    }

    private mutating func quoted(_ text: String, quote: Character) throws -> ExpressionToken {
        let column = position + 1
        position += 1
        let name = take { $0 != quote }
        guard peek() == quote else { throw Self.fault(text, column: column, "the quoted name has no closing \(quote)") }
        position += 1
        if name.isEmpty { throw Self.fault(text, column: column, "the quoted name is empty") }
        return quote == "'" ? .text(name) : .quotedName(name)
    }

    private mutating func symbol(_ text: String, _ c: Character) throws -> ExpressionToken {
        let column = position + 1
        if let two = peek(1).map({ String([c, $0]) }), ["<=", ">=", "==", "!="].contains(two) {
            position += 2
            return .symbol(two)
        }
        position += 1
        if "+-*/()<>,".contains(c) {
            if c == "*" && peek() == "*" { throw Self.fault(text, column: column, "there is no power; multiply, or use exp and log") }
            return .symbol(String(c))
        }
        let cures: [Character: String] = [
            "=": "to compare write ==", "&": "write and", "|": "write or", "!": "write not",
            "^": "there is no power; multiply, or use exp and log",
            "≤": "write <=", "≥": "write >=", "≠": "write !=",
        ]
        let cure = cures[c] ?? "names with other characters than letters, digits and _ go in back-quotes, such as `band gap (eV)`"
        throw Self.fault(text, column: column, "'\(c)' is not understood; \(cure)")
    }

    private static func isDigit(_ c: Character) -> Bool { ("0"..."9").contains(c) }
    private static func isLetter(_ c: Character) -> Bool { ("a"..."z").contains(c) || ("A"..."Z").contains(c) || c == "_" }
}
