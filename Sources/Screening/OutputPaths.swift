import Foundation
import MaterialsCore

/// Refuses to write an output over one of the inputs or over another output.
public func refuseOverwriting(_ inputs: [String], outputs: [String?]) throws {
    var seen = Set(inputs.compactMap(fileIdentity))
    for output in outputs.compactMap(\.self) where output != "-" && !output.hasPrefix("/dev/") {
        guard let identity = fileIdentity(output) ?? futureIdentity(output) else { continue }
        guard seen.insert(identity).inserted else {
            throw MatSieveError.usage("\(output): is an input or another output of this command; give it a name of its own")
        }
    }
    if outputs.count(where: { $0 == "-" }) > 1 { throw MatSieveError.usage("only one output can go to standard output (-)") }
}

/// Refuses the name of an output that says another format than the one written.
func requireEnding(_ output: String, _ endings: [String]) throws {
    if output == "-" || output.hasPrefix("/dev/") || endings.contains(where: { output.lowercased().hasSuffix($0) }) { return }
    throw MatSieveError.usage("\(output): give a name that ends in \(endings.joined(separator: ", "))")
}

/// Device and inode of what exists.
private func fileIdentity(_ path: String) -> String? {
    var status = stat()
    return stat(path, &status) == 0 ? "\(status.st_dev)/\(status.st_ino)" : nil
}

/// Folder and name of what does not exist yet.
private func futureIdentity(_ path: String) -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true)
    guard let name = parts.last else { return nil }
    let above = (path.hasPrefix("/") ? "/" : "") + parts.dropLast().joined(separator: "/")
    return fileIdentity(above.isEmpty ? "." : above).map { $0 + "/" + name }
}
