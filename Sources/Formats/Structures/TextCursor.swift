import MaterialsCore

/// Goes through a text line by line and, within a line, word by word.
///
/// Lines end with `\n` or `\r\n`; words are parted by spaces and tabs.
struct TextCursor {
    /// The text.
    let bytes: [UInt8]
    /// Number of the line, counted like the record's first.
    private(set) var line: Int
    private var position = 0
    private var lineStart = 0

    /// Before the first line of a record.
    init(_ record: StructureRecord) {
        bytes = record.bytes
        line = record.line - 1
        lineStart = -1
    }

    /// Goes to the next line; false at the end.
    mutating func nextLine() -> Bool {
        if lineStart >= 0 {
            while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
            position += 1
        }
        if position >= bytes.count { return false }
        lineStart = position
        line += 1
        return true
    }

    /// The line without its end.
    var lineRange: Range<Int> {
        let start = max(lineStart, 0)
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        let hasReturn = end > start && bytes[end - 1] == UInt8(ascii: "\r")
        return start..<(hasReturn ? end - 1 : end)
    }

    /// The next word of the line; nil where there is none.
    mutating func word() -> Range<Int>? {
        var i = position
        while i < bytes.count, bytes[i] <= 32, bytes[i] != UInt8(ascii: "\n") { i += 1 }
        let start = i
        while i < bytes.count, bytes[i] > 32 { i += 1 }
        position = i
        return start == i ? nil : start..<i
    }

    /// The next word that is not behind a comment (`#` or `!`).
    mutating func wordBeforeComment() -> Range<Int>? { word().flatMap { isComment($0) ? nil : $0 } }

    /// The next words of the line as numbers; nil where there are fewer, or one is no number.
    mutating func threeNumbers() -> SIMD3<Double>? {
        if let (numbers, end) = Self.plainNumbers(bytes.span, from: position) {
            position = end
            return numbers
        }
        guard let x = number(), let y = number(), let z = number() else { return nil }
        return SIMD3(x, y, z)
    }

    /// Three numbers as they mostly are, found without looking up the text each time; nil for anything else.
    private static func plainNumbers(_ text: Span<UInt8>, from start: Int) -> (SIMD3<Double>, end: Int)? {
        var numbers = SIMD3<Double>()
        var i = start
        for k in 0..<3 {
            while i < text.count, text[i] == UInt8(ascii: " ") { i += 1 }
            let begin = i
            while i < text.count, text[i] > 32 { i += 1 }
            guard i > begin, case .number(let value) = DecimalNumber.read(text.extracting(begin..<i)) else { return nil }
            numbers[k] = value
        }
        return (numbers, i)
    }

    /// The next word of the line as a number.
    mutating func number() -> Double? { word().flatMap(number) }

    /// A word as a number; Fortran's `1.0D+00` is one, infinities and NaN are none.
    func number(_ word: Range<Int>) -> Double? {
        if case .number(let value) = DecimalNumber.read(bytes.span.extracting(word)) { return value }
        guard let d = word.first(where: { bytes[$0] | 32 == UInt8(ascii: "d") }) else { return nil }
        var copy = Array(bytes[word])
        copy[d - word.lowerBound] = UInt8(ascii: "e")
        if case .number(let value) = DecimalNumber.read(copy.span) { return value }
        return nil
    }

    /// A word as a whole number without a sign; nil where it is none or has more than 18 digits.
    func count(_ word: Range<Int>) -> Int? {
        if word.count > 18 { return nil }
        var value = 0
        for i in word {
            let digit = bytes[i] &- UInt8(ascii: "0")
            if digit > 9 { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    /// The words of a line, up to a comment.
    static func words(of line: ArraySlice<UInt8>) -> [[UInt8]] {
        var cursor = TextCursor(StructureRecord(bytes: Array(line)))
        var words: [[UInt8]] = []
        if cursor.nextLine() { while let word = cursor.wordBeforeComment() { words.append(Array(cursor.bytes[word])) } }
        return words
    }

    private func isComment(_ word: Range<Int>) -> Bool {
        bytes[word.lowerBound] == UInt8(ascii: "#") || bytes[word.lowerBound] == UInt8(ascii: "!")
    }

    /// A stretch of the text for messages: at most 60 characters.
    func shown(_ range: Range<Int>) -> String { TextBytes.clipped(bytes.span.extracting(range)) }

    /// The line for messages.
    var shownLine: String { shown(lineRange) }
}
