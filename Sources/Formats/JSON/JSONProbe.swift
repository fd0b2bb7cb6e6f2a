/// Names of members in the first bytes of a JSON text, which may be cut off anywhere or be broken.
struct JSONProbe {
    /// A name and what little is known of its value.
    struct Name {
        /// Between the quotes.
        var range: Range<Int>
        /// Arrays and objects that are open around it.
        var depth: Int
        /// First byte of the value; 0 where the text ends before.
        var valueStart: UInt8 = 0
        /// True where the value is a text of several lines, `\n` as an escape or in two characters.
        var isLines = false

        /// Where the value begins; the end of the text where there is none.
        var value = 0

        /// True where the value is that text.
        func isValue(_ word: StaticString, _ text: Span<UInt8>) -> Bool {
            let end = value + 1 + word.utf8CodeUnitCount
            return end < text.count && JSONBytes.equal(text, value + 1..<end, word) && text[end] == UInt8(ascii: "\"")
        }

        /// True where it is one of the given names.
        func isOne(of names: [StaticString], _ text: Span<UInt8>) -> Bool { names.contains { JSONBytes.equal(text, range, $0) } }
    }

    private static let structural: [StaticString] = [
        "lattice", "sites", "structure", "lattice_mat", "coords", "atoms", "numbers", "positions", "cell",
    ]

    /// First byte that is not space.
    let first: UInt8?
    private let start: Int
    private let end: Int

    init(_ text: Span<UInt8>) {
        var i = text.count >= 3 && text[0] == 0xef && text[1] == 0xbb && text[2] == 0xbf ? 3 : 0
        while i < text.count, JSONBytes.isSpace(text[i]) { i += 1 }
        (start, end) = (i, text.count)
        first = i < text.count ? text[i] : nil
    }

    /// All names in the order of the text.
    func names(_ text: Span<UInt8>) -> [Name] {
        var names: [Name] = []
        var (i, depth) = (start, 0)
        var isValue = false
        while i < end {
            let byte = text[i]
            if byte == UInt8(ascii: "\"") {
                let (close, isLines) = passString(text, i + 1)
                if isValue { names[names.count - 1].isLines = isLines } else { names.append(Name(range: i + 1..<close, depth: depth)) }
                i = close + 1
                if !isValue, let value = value(text, i) {
                    names[names.count - 1].valueStart = text[value]
                    names[names.count - 1].value = value
                    (i, isValue) = (value, text[value] == UInt8(ascii: "\""))
                } else if !isValue {
                    // An element of an array, or the text ends.
                    names.removeLast()
                } else {
                    isValue = false
                }
                continue
            }
            if byte | 32 == UInt8(ascii: "{") { depth += 1 } else if byte | 32 == UInt8(ascii: "}") { depth -= 1 }
            i += 1
        }
        return names
    }

    /// True for an object of texts or structures, by any name, perhaps within groups.
    func isMap(_ text: Span<UInt8>, _ names: [Name]) -> Bool {
        guard let outer = names.first, !outer.isOne(of: JSONContent.recordNames, text), !outer.isOne(of: ["data"], text) else {
            return false
        }
        if outer.valueStart == UInt8(ascii: "\"") { return outer.isLines && !outer.isOne(of: ["cif", "poscar"], text) }
        guard outer.valueStart == UInt8(ascii: "{"), names.count > 1, names[1].depth == 2 else { return false }
        let inner = names.dropFirst().prefix { $0.depth >= 2 }
        if inner.contains(where: { $0.depth == 2 && $0.isOne(of: Self.structural, text) }) { return true }
        if names[1].valueStart == UInt8(ascii: "\"") { return names[1].isLines }
        return names[1].valueStart == UInt8(ascii: "{") && inner.contains { $0.depth == 3 && $0.isOne(of: Self.structural, text) }
    }

    /// Where the value behind a name begins; nil where there is no colon.
    private func value(_ text: Span<UInt8>, _ from: Int) -> Int? {
        var i = from
        while i < end, JSONBytes.isSpace(text[i]) { i += 1 }
        guard i < end, text[i] == UInt8(ascii: ":") else { return nil }
        i += 1
        while i < end, JSONBytes.isSpace(text[i]) { i += 1 }
        return i < end ? i : nil
    }

    /// The closing quote or the end, and whether there are line ends before it.
    private func passString(_ text: Span<UInt8>, _ from: Int) -> (close: Int, isLines: Bool) {
        var (i, isLines) = (from, false)
        while i < end, text[i] != UInt8(ascii: "\"") {
            if text[i] == UInt8(ascii: "\\"), i + 1 < end {
                // Of `\\n` the second backslash is passed, so that only the letter is left to look at.
                if text[i + 1] == UInt8(ascii: "n") || i + 2 < end && text[i + 1] == UInt8(ascii: "\\") && text[i + 2] == UInt8(ascii: "n")
                {
                    isLines = true
                }
                i += 1
            }
            i += 1
        }
        return (min(i, end), isLines)
    }
}
