import MaterialsCore

/// `rejections.csv`: index, id, stage, reason, detail of what could not be used, in the order given (index order).
///
/// The index is the candidate's 64-bit number: source ordinal × 2^48 + position.
public enum RejectionsCSV {
    /// The first line.
    public static let header = "index,id,stage,reason,detail\n"

    /// The lines of some rejections, without the header.
    public static func lines(_ rejections: some Sequence<Rejection>) -> String {
        var out = ""
        for r in rejections {
            CSVText.append(["\(r.index.rawValue)", r.id, r.stage.rawValue, r.defect.reason, r.defect.detail], to: &out)
        }
        return out
    }

    /// The text of the whole file.
    public static func text(_ rejections: some Sequence<Rejection>) -> String { header + lines(rejections) }
}
