import Foundation
import MaterialsCore

/// `report.json`: the whole result for programs.
///
/// Members keep the order of `RunReport` under snake_case names, `environment` and `timings` last; a missing number is null,
/// an infinite one the text `inf` or `-inf`.
public enum ReportJSON {
    /// The text of the file.
    public static func text(_ report: RunReport) throws -> String { try JSONTextEncoder.text(report) }

    /// Reads a report back; `path` names the file in errors.
    public static func read(_ bytes: [UInt8], path: String) throws -> RunReport {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(RunReport.self, from: Data(bytes))
        } catch {
            throw MatSieveError.input("\(path) is not a report of this version of matsieve (\(reason(error))); run the plan again")
        }
    }

    private static func reason(_ error: any Error) -> String {
        func place(_ context: DecodingError.Context) -> String { context.codingPath.map(\.stringValue).joined(separator: ".") }
        return switch error as? DecodingError {
        case .keyNotFound(let key, let context): "'\(place(context))\(context.codingPath.isEmpty ? "" : ".")\(key.stringValue)' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context): "'\(place(context))' has the wrong type"
        default: "it is no JSON"
        }
    }
}
