import MaterialsCore

/// What a structure file may cost in memory.
enum StructureLimits {
    /// Longest record that is taken; a file whose record never ends must not fill the memory.
    static let recordBytes = 64 << 20
    /// Text that a batch holds undecoded; past it, records are decoded as they are cut.
    static let pendingBytes = 64 << 20
    /// First bytes of a file by which its format is found where its name says nothing.
    static let recognizedBytes = 4096
    /// The same where its name leaves some formats to choose from, and the first bytes say nothing.
    static let searchedBytes = 1 << 20
    /// Columns that values beside the structures may become.
    static let valueColumns = 4096

    /// The defect of a record that is longer than what is taken.
    static func tooLong(line: Int) -> CandidateDefect {
        CandidateDefect("record-too-large", "line \(line): a structure is longer than \(recordBytes >> 20) MiB")
    }
}
