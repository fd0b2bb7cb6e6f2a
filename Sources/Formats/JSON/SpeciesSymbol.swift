import MaterialsCore

/// Elements of species as pymatgen, OPTIMADE and JARVIS write them: `Fe`, `Fe3+`, `O2-`, `Fe3+,spin=5`. D and T are hydrogen.
enum SpeciesSymbol {
    /// The atomic number; 0 where the text names no element, as dummy species do.
    static func atomicNumber(_ text: Span<UInt8>) -> UInt8 {
        guard !text.isEmpty else { return 0 }
        let length = text.count > 1 && text[1] &- UInt8(ascii: "a") < 26 ? 2 : 1
        if text.count > length, !startsCharge(text[length]) { return 0 }
        return ElementSymbols.atomicNumber(text.extracting(0..<length)) ?? 0
    }

    private static func startsCharge(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ",")
    }
}
