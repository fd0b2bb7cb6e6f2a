import MaterialsCore
import Reporting
import Storage

/// Writes the candidates that could not be used: `index,id,stage,reason,detail`.
public enum RejectionList {
    /// Writes a list, in index order.
    public static func write(_ rejections: [Rejection], to path: String) throws {
        try AtomicFile.write(Array(RejectionsCSV.text(rejections).utf8), to: path)
    }
}
