import Foundation
import MaterialsCore
import Reporting
import Storage

/// `matsieve report`: the report of a finished run, written anew from its `report.json`.
public enum RunReportFile {
    /// Writes `output` from `folder/report.json`.
    public static func write(folder: String, output: String, language: String, dataClass: String? = nil) throws {
        guard let known = ReportLanguage(rawValue: language) else { throw MatSieveError.usage("--language \(language): give en or ja") }
        let path = folder + "/report.json"
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw MatSieveError.input("\(path): no such file; give the folder of a finished run")
        }
        let report = try ReportJSON.read(Array(bytes), path: path)
        try requireClass(report.dataClass, allowed: dataClass, of: folder)
        try AtomicFile.write(Array(ReportHTML.text(report, language: known).utf8), to: output)
    }
}
