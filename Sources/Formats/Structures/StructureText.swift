import MaterialsCore

/// A text inside of another file (cell of a table, value of a JSON map) that is a whole structure file by itself.
enum StructureText {
    /// Reads the first structure of a text, in whatever registered format it is.
    ///
    /// Where a text has no line ends, but `\n` in two characters, as some programs write it, these are taken for line ends.
    ///
    /// - Errors: `unknown-structure`, or those of the format.
    static func decode(_ text: [UInt8]) throws(CandidateDefect) -> DecodedStructure {
        let text = withLineEnds(text)
        guard let format = FormatRegistry.structures.first(where: { $0.recognizes(text.span) }) else {
            throw CandidateDefect("unknown-structure", "'\(TextBytes.clipped(text.span))' is of no known structure format")
        }
        return try format.decode(StructureRecord(bytes: text))
    }

    private static func withLineEnds(_ text: [UInt8]) -> [UInt8] {
        if text.contains(UInt8(ascii: "\n")) { return text }
        return [UInt8](unsafeUninitializedCapacity: text.count) { result, count in
            let text = text.span
            var i = 0
            while i < text.count {
                let isEnd = text[i] == UInt8(ascii: "\\") && i + 1 < text.count && text[i + 1] == UInt8(ascii: "n")
                result[count] = isEnd ? UInt8(ascii: "\n") : text[i]
                i += isEnd ? 2 : 1
                count += 1
            }
        }
    }
}
