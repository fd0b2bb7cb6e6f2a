import MaterialsCore
import Reporting
import Storage

/// Writes the candidates that could not be used: `index,id,stage,reason,detail`.
public enum RejectionList {
    /// Writes a list, in index order.
    public static func write(_ rejections: [Rejection], to path: String) throws {
        let file = try AtomicFile(path: path)
        try file.write(RejectionsCSV.text(rejections))
        try file.commit()
    }
}
