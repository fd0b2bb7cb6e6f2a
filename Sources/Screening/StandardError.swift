import Foundation
import MaterialsCore

/// Standard error, for messages to people. What can't be written is dropped: a full disk or a closed end must not end a run.
public enum StandardError {
    /// Writes text as it is.
    public static func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Foundation.write(2, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            if written <= 0 { return }
            bytes = bytes.dropFirst(written)
        }
    }
}

/// Standard output, for results.
public enum StandardOutput {
    /// Writes a line.
    ///
    /// - Errors: `.stopped` where it can't be written.
    public static func print(_ line: String) throws {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Foundation.write(1, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            if written <= 0 { throw MatSieveError.stopped("standard output can't be written: \(String(cString: strerror(errno)))") }
            bytes = bytes.dropFirst(written)
        }
    }
}

/// A text filled up with spaces to a number of characters.
func padded(_ text: String, to width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
